// What a parameter's value means: from 0-1 to its unit and back, and as people read it. The same curves as the instrument's own table.

const centre = 64 / 127;

export function toUnit(row, value) {
  const { from, to } = row;
  switch (row.curve) {
    case 'linear':
    case 'button':
      return from + value * (to - from);
    case 'logarithmic':
      return from * (to / from) ** value;
    case 'centred':
      return Math.abs(value - centre) < 1e-4 ? 1 : value < centre ? from ** (1 - value / centre) : to ** ((value - centre) / (1 - centre));
    default:
      return from + Math.round(value * (to - from));
  }
}

export function toNormalised(row, unit) {
  const { from, to } = row;
  const inside = Math.min(Math.max(unit, Math.min(from, to)), Math.max(from, to));
  switch (row.curve) {
    case 'logarithmic':
      return Math.log(inside / from) / Math.log(to / from);
    case 'centred':
      return inside === 1 ? centre : inside < 1 ? centre * (1 - Math.log(inside) / Math.log(from)) : centre + ((1 - centre) * Math.log(inside)) / Math.log(to);
    default:
      return (inside - from) / (to - from);
  }
}

const digits = (number, count) => number.toFixed(count).replace('-', '−');

/** A value in a few letters, for the middle of a knob. */
export function format(row, value) {
  const unit = toUnit(row, value);
  if (row.labels.length > 0) {
    return row.labels[Math.round(unit - row.from)];
  }
  if (row.id === 'length') {
    return unit === 0 ? 'same' : unit === row.to ? '∞' : digits(unit, 0);
  }
  switch (row.unit) {
    case 'probability':
      return `${digits(unit * 100, unit < 0.1 ? 1 : 0)} %`;
    case 'x':
      return `×${digits(unit, 2)}`;
    case 's':
      return `${digits(unit, unit < 10 ? 2 : 1)} s`;
    case 'CC':
      return `CC${unit}`;
    default:
      return row.curve === 'stepped' ? digits(unit, 0) : digits(unit, 2);
  }
}

/** A value in words, for whoever hears it. */
export function speak(row, value) {
  const unit = toUnit(row, value);
  if (row.id === 'length') {
    return unit === 0 ? 'as long as yours' : unit === row.to ? 'without end' : `${unit} notes`;
  }
  return format(row, value);
}
