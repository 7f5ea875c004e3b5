"""Periodic textures, RGB in [0,1]: patterns, whose channels are fractions of two or three inks, and image-like content (dead leaves,
1/f noise)."""
import math

import torch

PATTERNS = ["checker", "planks", "tiles", "noise", "grass", "stripes", "marble", "gravel", "brick", "sand", "weave",
            "dots"]
IMAGES = ["leaves", "clouds", "blend", "blobs"]


def spectrum(size, power, g, channels=1, stretch=(1, 1)):
    """Periodic 1/f^power noise [C,size,size], normalised to [0,1]."""
    f = torch.fft.fftfreq(size) * size
    r = ((f[:, None] * stretch[0]).square() + (f[None] * stretch[1]).square()).sqrt()
    white = torch.fft.fft2(torch.randn(channels, size, size, generator=g))
    x = torch.fft.ifft2(white * (r + 0.7) ** -power).real
    x = (x - x.mean((1, 2), keepdim=True)) / x.std((1, 2), keepdim=True)
    return (0.5 + x / 5).clamp(0, 1)


def warp(x, amount, size, g):
    """Bends a periodic picture by smooth noise, so that edges are not ruler-straight."""
    shift = (spectrum(size, 2.2, g, 2) - 0.5) * amount
    i, j = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    return x[:, ((i + shift[0] * size).long()) % size, ((j + shift[1] * size).long()) % size]


def make_texture(kind, size, g):
    """-> [3,size,size]; channel 0 mixes the first ink with the second, channel 1 adds the third, channel 2 is grain."""
    u = (torch.arange(size) + 0.5) / size
    y, x = torch.meshgrid(u, u, indexing="ij")
    rnd = lambda a, b: float(torch.rand((), generator=g)) * (b - a) + a
    pick = lambda a, b: int(torch.randint(a, b + 1, (), generator=g))
    grain = spectrum(size, rnd(0.3, 1.2), g)[0]
    zero = torch.zeros_like(x)
    if kind == "checker":
        n = 2 * pick(1, 4)
        v, w = ((x * n).floor() + (y * n).floor()) % 2, zero
    elif kind == "planks":
        n = pick(4, 8)
        row = (y * n).floor()
        tone = torch.rand(n, generator=g)[row.long()]
        joint = ((y * n) % 1 < 0.05) | (((x + torch.rand(n, generator=g)[row.long()]) % 1) < 0.008)
        fibre = spectrum(size, 1.3, g, stretch=(1, 14))[0].T.contiguous().T
        v, w = 0.55 * tone + 0.7 * (spectrum(size, 1.2, g, stretch=(0.3, 6))[0] - 0.5) + 0.25 * fibre, joint.float()
    elif kind in ("tiles", "brick"):
        n, m = (pick(2, 6),) * 2 if kind == "tiles" else (2 * pick(3, 5), pick(2, 4))
        row = (y * n).floor()
        xx = x * m + (0.5 * (row % 2) if kind == "brick" else 0)
        tone = torch.rand(n, m, generator=g)[row.long(), (xx.floor() % m).long()]
        gap = 0.05 if kind == "tiles" else 0.09
        w = (((y * n) % 1 < gap) | ((xx % 1) < gap * (m / n if kind == "brick" else 1))).float()
        v = rnd(0.1, 0.8) * tone + 0.3 * (spectrum(size, 1, g)[0] - 0.5)
    elif kind == "grass":
        v = spectrum(size, 0.7, g, stretch=(0.35, 1))[0] + spectrum(size, 1.8, g)[0] - 0.5
        w = (spectrum(size, 0.5, g)[0] > 0.68).float()
    elif kind == "stripes":
        n = pick(2, 8)
        v, w = ((x * n) % 1 < rnd(0.3, 0.7)).float(), zero
    elif kind == "marble":
        turb = spectrum(size, 1.7, g)[0]
        v = 0.5 + 0.5 * torch.sin(2 * math.pi * (pick(1, 3) * x + pick(0, 2) * y + rnd(2, 5) * turb))
        v, w = v ** rnd(1, 4), zero
    elif kind in ("gravel", "leaves", "dots", "blobs"):
        return scattered(kind, size, g)
    elif kind == "weave":
        n = 2 * pick(4, 10)
        v = (torch.sin(math.pi * n * x).abs() * (((x * n).floor() + (y * n).floor()) % 2)
             + torch.sin(math.pi * n * y).abs() * (((x * n).floor() + (y * n).floor() + 1) % 2))
        w = zero
    elif kind == "sand":
        v = spectrum(size, 1.6, g, stretch=(0.5, 2))[0] * 0.7 + 0.3 * spectrum(size, 0.2, g)[0]
        w = zero
    elif kind == "clouds":
        return spectrum(size, rnd(1.0, 1.8), g, 3) * 0.6 + spectrum(size, rnd(1.0, 1.8), g) * 0.4
    elif kind == "blend":
        return (spectrum(size, 3.0, g, 3) * 1.5 - 0.25).clamp(0, 1) * 0.8 + 0.2 * spectrum(size, 0.9, g)
    else:
        v, w = spectrum(size, rnd(0.7, 1.6), g)[0] * 1.4 - 0.2, zero
    out = torch.stack([v.clamp(0, 1), w.clamp(0, 1), grain])
    return warp(out, rnd(0, 0.02), size, g) if kind in ("planks", "tiles", "brick", "checker", "stripes") else out


def scattered(kind, size, g):
    """Periodic heaps of discs and boxes: gravel, dead leaves (power-law sizes), dots, big soft blobs."""
    i, j = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    out = torch.rand(3, 1, 1, generator=g).expand(3, size, size).clone()
    count = {"gravel": 500, "leaves": 420, "dots": 40, "blobs": 24}[kind]
    low, high = {"gravel": (0.012, 0.05), "leaves": (0.008, 0.3), "dots": (0.03, 0.08), "blobs": (0.1, 0.35)}[kind]
    for _ in range(count):
        r1, r2, cx, cy, turn, shape, bow = torch.rand(7, generator=g).tolist()
        # Sizes with density ~ r^-3, which gives the occlusion statistics of photographs.
        r = (low ** -2 + r1 * (high ** -2 - low ** -2)) ** -0.5 * size
        reach = int(r * 1.5) + 1
        ii = torch.arange(int(cy * size) - reach, int(cy * size) + reach)[:size]
        jj = torch.arange(int(cx * size) - reach, int(cx * size) + reach)[:size]
        dy, dx = torch.meshgrid(ii - cy * size, jj - cx * size, indexing="ij")
        c, s = math.cos(turn * 6.28), math.sin(turn * 6.28)
        a, b = (c * dx + s * dy) / r, (c * dy - s * dx) / (r * (0.4 + 0.6 * r2))
        inside = (a * a + b * b < 1) if shape < 0.6 or kind != "leaves" else (a.abs() < 0.9) & (b.abs() < 0.9)
        colour = torch.rand(3, 1, 1, generator=g)
        shading = 1 + 0.35 * (bow - 0.5) * (a + b) if kind in ("gravel", "leaves") else torch.ones_like(a)
        iy, ix = ii[:, None] % size, jj[None] % size
        old = out[:, iy, ix]
        out[:, iy, ix] = torch.where(inside, (colour * shading).clamp(0, 1), old)
    return out
