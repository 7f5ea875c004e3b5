"""Signed distances, sphere tracing, soft shadows and ambient occlusion, batched over scenes.

Every shape is an instance of one formula (a rounded box whose outline may be hollow, tapered, rounded over, turned
into a shell and cut by a plane), so shape is data: scenes of different shapes run in one kernel without branches.
Tensors are [B,N,...] (scenes, rays); parts are [B,K,24]. World: metres-like units, z up, ground at z = 0.
"""
import torch
import torch._dynamo

# Layouts and batch sizes make a few variants of each kernel.
torch._dynamo.config.recompile_limit = 64

FAR = 1e4

# Columns of a part. Lengths in world units; `turn` maps world to local axes.
CENTRE, TURN, HALF, HEIGHT, CORNER, ROUND, WALL, TAPER, SHELL, CUT = 0, 3, 12, 14, 15, 16, 17, 18, 19, 20
COLUMNS = 24


def _distances(parts, p):
    """parts [B,K,24], p [B,N,3] -> [B,K,N]. Exact for most settings, a bound within 25 % for tapered ones."""
    q = parts[..., None]                                                 # [B,K,24,1]
    x, y, z = (p[:, None, :, i] - q[:, :, CENTRE + i] for i in range(3))
    u, v, w = (q[:, :, TURN + 3 * i] * x + q[:, :, TURN + 3 * i + 1] * y + q[:, :, TURN + 3 * i + 2] * z
               for i in range(3))
    corner, over, wall = q[:, :, CORNER], q[:, :, ROUND], q[:, :, WALL]
    dx, dy = u.abs() - q[:, :, HALF] + corner, v.abs() - q[:, :, HALF + 1] + corner
    outline = (dx.clamp(min=0).square() + dy.clamp(min=0).square()).sqrt() + torch.maximum(dx, dy).clamp(max=0) - corner
    outline = (outline + wall).abs() - wall
    h, taper = q[:, :, HEIGHT], q[:, :, TAPER]
    slope = 2 * h * torch.rsqrt(4 * h * h + taper * taper + 1e-12)
    side = torch.where(taper > 0, (outline + taper * (w + h) / (2 * h + 1e-9)) * slope, outline)
    cap = w.abs() - h
    d = torch.maximum(side, cap).clamp(max=0) + (side.clamp(min=0).square() + cap.clamp(min=0).square()).sqrt() - over
    shell = q[:, :, SHELL]
    d = torch.where(shell > 0, d.abs() - shell, d)
    cut = q[:, :, CUT] * u + q[:, :, CUT + 1] * v + q[:, :, CUT + 2] * w - q[:, :, CUT + 3]
    return torch.maximum(d, cut)


def _distance(parts, p):
    return _distances(parts, p).amin(1)


def _march(parts, o, d, t):
    gap = _distance(parts, o + d * t[..., None])
    return t + 0.85 * gap, gap


def _shade_step(parts, o, d, t, worst, width):
    """One step of the penumbra estimate; `width` is the light's tangent of angular radius."""
    gap = _distance(parts, o + d * t[..., None])
    return t + gap.clamp(0.015, 0.35), torch.minimum(worst, gap / (width * t))


def _bounds(centre, radius, o, d, grow):
    """Entry and exit of rays into spheres [B,K] growing along the ray by `grow` per unit -> ([B,N], [B,N])."""
    c = centre[:, :, None] - o[:, None]                                  # [B,K,N,3]
    along = (c * d[:, None]).sum(-1)
    r = radius[:, :, None] + grow[:, None] * along.clamp(min=0)
    room = r * r - (c.square().sum(-1) - along * along)
    half = room.clamp(min=0).sqrt()
    out = along + half
    hit = (room > 0) & (out > 0)
    start = torch.where(hit, (along - half).clamp(min=0), FAR).amin(1)
    return start, torch.where(hit, out, 0.0).amax(1)


class Tracer:
    """The kernels, compiled (`fast`) or eager; the results are the same."""

    def __init__(self, fast=True):
        wrap = (lambda f: torch.compile(f, dynamic=True)) if fast else (lambda f: f)
        self.distances, self.distance = wrap(_distances), wrap(_distance)
        self.march, self.shade_step, self.bounds = wrap(_march), wrap(_shade_step), wrap(_bounds)

    def trace(self, group, o, d, limit):
        """First hit along rays: [B,N], FAR where nothing is hit before `limit` [B,N]."""
        start, end = self.bounds(group.centre, group.radius, o, d, torch.zeros_like(limit))
        end = torch.minimum(end, limit)
        hit = torch.full_like(limit, FAR)
        pick = Pick(start < end)
        t, o, d, end = pick(start), pick(o), pick(d), pick(end)
        for step in range(72):
            if t.shape[1] == 0:
                break
            t, gap = self.march(group.parts, o, d, t)
            arrived = gap < 6e-4 * t + 2e-4
            if step % 6 == 5 or step == 71:
                done = arrived | (t > end)
                hit = pick.put(hit, torch.where(arrived & (t < end), t.clamp(min=0), FAR), done)
                again = Pick(~done & pick.valid)
                t, o, d, end = again(t), again(o), again(d), again(end)
                pick = pick.then(again)
        return hit

    def visibility(self, group, p, direction, distance, width):
        """Share of a light that reaches p, in [0,1]. direction [B,N,3], distance [B,N], width [B,N] (tangent)."""
        seen = torch.ones_like(distance)
        start, end = self.bounds(group.centre, group.radius, p, direction, width)
        end = torch.minimum(end, distance)
        pick = Pick(start < end)
        t, o, d, end, width = pick(start).clamp(min=0.02), pick(p), pick(direction), pick(end), pick(width)
        worst = torch.ones_like(t)
        for step in range(40):
            if t.shape[1] == 0:
                break
            t, worst = self.shade_step(group.parts, o, d, t, worst, width)
            if step % 6 == 5 or step == 39:
                done = (worst < -1) | (t > end)
                w = worst.clamp(-1, 1)
                seen = pick.put(seen, 0.25 * (1 + w).square() * (2 - w), done | (step == 39))
                again = Pick(~done & pick.valid)
                t, o, d, end, width, worst = (again(v) for v in (t, o, d, end, width, worst))
                pick = pick.then(again)
        return seen

    def openness(self, group, p, n):
        """Ambient occlusion by `group` in [0,1] (1 is open), from five distances along the normal."""
        near, _ = self.bounds(group.centre, group.radius + 0.7, p, n, torch.zeros_like(p[..., 0]))
        pick = Pick(near < 0.01)
        q, m = pick(p), pick(n)
        if q.shape[1] == 0:
            return torch.ones_like(p[..., 0])
        lost = 0
        for h, weight in ((0.03, 1.3), (0.09, 1.2), (0.2, 0.9), (0.4, 0.6), (0.65, 0.35)):
            lost = lost + weight * (1 - self.distance(group.parts, q + m * h) / h).clamp(0, 1)
        return pick.put(torch.ones_like(p[..., 0]), (1 - lost / 4.35).clamp(0, 1) ** 1.2)

    def normal(self, group, p):
        h, total = 1.5e-3, 0
        for e in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
            e = p.new_tensor(e)
            total = total + e * self.distance(group.parts, p + h * e)[..., None]
        return torch.nn.functional.normalize(total, dim=-1)


class Group:
    """Parts that are traced together, with their bounding spheres."""

    def __init__(self, parts):
        self.parts = parts
        self.centre = parts[..., :3].contiguous()
        half = parts[..., HALF:HALF + 2]
        rise = parts[..., HEIGHT] + parts[..., ROUND]
        # Corner radii shrink the outline's diagonal, so a sphere is not bounded by its cube's corners.
        flat = (half - parts[..., CORNER, None]).clamp(min=0).norm(dim=-1) + parts[..., CORNER] + parts[..., ROUND]
        ball = parts[..., HEIGHT] < 1e-6
        self.radius = torch.where(ball, flat, (flat.square() + rise.square()).sqrt()) + parts[..., SHELL] + 0.01


class Pick:
    """Compaction: the rays where `keep` [B,N] holds, as [B,n] padded to the fullest scene."""

    def __init__(self, keep):
        B, N = keep.shape
        count = keep.sum(1)
        n = int(count.max()) if B else 0
        if B == 1:
            self.index = keep[0].nonzero()[:, 0][None]
        else:
            place = torch.where(keep, keep.cumsum(1) - 1, n)
            every = torch.arange(N, device=keep.device).expand(B, N)
            self.index = torch.full((B, n + 1), N, device=keep.device).scatter_(1, place, every)[:, :n]
        self.valid = torch.arange(n, device=keep.device) < count[:, None]
        self.size = N

    def __call__(self, x):
        """[B,N] or [B,N,C] -> [B,n] or [B,n,C]; padding repeats the last ray."""
        index = self.index.clamp(max=self.size - 1)
        return x.gather(1, index) if x.ndim == 2 else x.gather(1, index[..., None].expand(-1, -1, x.shape[2]))

    def put(self, full, x, where=None):
        """`full` with x written at the picked rays (only where `where` holds)."""
        keep = self.valid if where is None else where & self.valid
        spare = torch.cat([full, full[:, :1]], 1)
        index = torch.where(keep, self.index, self.size)
        index = index if x.ndim == 2 else index[..., None].expand(-1, -1, x.shape[2])
        return spare.scatter_(1, index, x)[:, :-1]

    def then(self, other):
        """The pick that `other`, made on what this one picked, makes on the whole."""
        both = object.__new__(Pick)
        both.index = self.index.gather(1, other.index.clamp(max=max(self.index.shape[1] - 1, 0)))
        both.valid, both.size = other.valid, self.size
        return both
