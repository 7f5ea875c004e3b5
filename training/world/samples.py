"""Turns rendered scenes into training samples: fits F into its canvas and warps it into the box."""
import torch

from .render import area_matrix, develop


def warped(x, out, a, e, tx, ty):
    """Area-resamples [B,C,h,w] into [B,C,out,out] with x' = a x + tx, y' = e y + ty."""
    return area_matrix(out, x.shape[2], e, ty)[:, None] @ x @ area_matrix(out, x.shape[3], a, tx)[:, None].transpose(2, 3)


def bounds(mask, threshold=0.02):
    """[B,1,h,w] -> left, top, right, bottom (pixel edges), each [B]."""
    on = mask[:, 0] > threshold
    cols, rows = on.any(1), on.any(2)
    first = lambda v: v.float().argmax(1)
    n, m = cols.shape[1], rows.shape[1]
    return (first(cols).float(), first(rows).float(), (n - first(cols.flip(1))).float(), (m - first(rows.flip(1))).float())


def encode(x):
    return (x * 255).round().clamp(0, 255).to(torch.uint8)


def make(renderer, scene, size, canvas, ss=1.5, studio_size=None, stretch=None):
    """-> dict of uint8: background, fused [B,3,size,size]; placed [B,4,size,size] (straight colour, alpha of F in its
    box); visible [B,1,size,size]; foreground [B,4,canvas,canvas] (RGB over white); affine [B,4] from the foreground
    canvas to `size` pixels; ok [B] whether the sample is usable. `stretch` [B] bool fills the box."""
    background, fused, visible, whole, _ = renderer.fused(scene, size, ss)
    colour, alpha = renderer.studio(scene, studio_size or int(canvas * 1.25), ss)
    colour = develop(colour / alpha.clamp(min=1e-3)) * alpha             # premultiplied, encoded
    rgba = torch.cat([colour, alpha], 1)
    l, t, r, b = bounds(alpha)
    fit = 0.9 * canvas / torch.maximum(r - l, b - t)                     # source pixel -> canvas pixel
    ox, oy = canvas / 2 - fit * (l + r) / 2, canvas / 2 - fit * (t + b) / 2
    in_canvas = warped(rgba, canvas, fit, fit, ox, oy)
    L, T, R, B = bounds(whole)                                           # the box, in picture pixels
    sx, sy = (R - L) / (r - l), (B - T) / (b - t)
    fill = torch.zeros_like(sx, dtype=torch.bool) if stretch is None else stretch.to(sx.device)
    both = torch.minimum(sx, sy)
    sx, sy = torch.where(fill, sx, both), torch.where(fill, sy, both)
    tx, ty = (L + R) / 2 - sx * (l + r) / 2, B - sy * b                  # bottom-centred
    placed = warped(rgba, size, sx, sy, tx, ty)
    straight = placed[:, :3] / placed[:, 3:].clamp(min=1e-3)
    affine = torch.stack([sx / fit, sy / fit, tx - ox * sx / fit, ty - oy * sy / fit], 1)
    longer = torch.maximum(R - L, B - T) / size
    inside = (L > 0) & (T > 0) & (R < size) & (B < size)
    seen = visible.sum((1, 2, 3)) > 0.35 * whole.sum((1, 2, 3))
    return dict(background=encode(develop(background)), fused=encode(develop(fused)),
                placed=encode(torch.cat([straight, placed[:, 3:]], 1)), visible=encode(visible),
                foreground=encode(torch.cat([in_canvas[:, :3] + 1 - in_canvas[:, 3:], in_canvas[:, 3:]], 1)),
                affine=affine, ok=inside & seen & (longer > 0.18) & (longer < 0.75))
