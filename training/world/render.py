"""From linear light to the colours of a picture."""
import torch


def shoulder(x, knee=0.65):
    """Linear up to the knee, then a soft approach to 1."""
    return torch.where(x < knee, x, 1 - (1 - knee) * torch.exp(-(x - knee).clamp(min=0) / (1 - knee)))


def develop(x):
    """Linear [0,1] -> sRGB-encoded [0,1]."""
    return torch.where(x <= 0.0031308, 12.92 * x, 1.055 * x.clamp(min=0.0031308) ** (1 / 2.4) - 0.055)
