#!/usr/bin/python3
"""Prints the notes a second of forward, backward and Adam of a 3x512 nn.LSTM at batch 64 in PyTorch: the median of nine tries.

    pytorch_training.py STEPS THREADS
"""
import sys
import time

import torch

steps, threads, streams, width = int(sys.argv[1]), int(sys.argv[2]), 64, 512
torch.set_num_threads(threads)
lstm = torch.nn.LSTM(width, width, 3)
adam = torch.optim.Adam(lstm.parameters(), 1e-3)
# The input is learned too, as embeddings are: its gradient is part of the work.
notes = torch.randn(steps, streams, width, requires_grad=True)
rates = []
for attempt in range(10):
    started = time.perf_counter()
    adam.zero_grad()
    output, _ = lstm(notes)
    output.pow(2).mean().backward()
    adam.step()
    notes.grad = None
    if attempt > 0:
        rates.append(steps * streams / (time.perf_counter() - started))
print(sorted(rates)[len(rates) // 2])
