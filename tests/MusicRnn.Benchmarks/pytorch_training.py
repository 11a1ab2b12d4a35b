#!/usr/bin/python3
"""Forward, backward and Adam of a 3x512 nn.LSTM in PyTorch: one update for each line read, whose notes a second it prints.

    pytorch_training.py STEPS STREAMS THREADS
"""
import sys
import time

import torch

steps, streams, threads, width = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), 512
torch.set_num_threads(threads)
lstm = torch.nn.LSTM(width, width, 3)
adam = torch.optim.Adam(lstm.parameters(), 1e-3)
# The input is learned too, as embeddings are: its gradient is part of the work.
notes = torch.randn(steps, streams, width, requires_grad=True)
print("ready", flush=True)
for _ in sys.stdin:
    started = time.perf_counter()
    adam.zero_grad()
    output, _ = lstm(notes)
    output.pow(2).mean().backward()
    adam.step()
    notes.grad = None
    print(steps * streams / (time.perf_counter() - started), flush=True)
