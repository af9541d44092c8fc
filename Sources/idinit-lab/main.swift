import Torch
print(version())
