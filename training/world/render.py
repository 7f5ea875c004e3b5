"""Renders a batch of scenes: B without the object, I with it, F in the studio.

I and B share everything but the object, so the rest of the scene is traced once: visibility and ambient occlusion
are products of a part from the other objects and a part from the target. Light is linear until `develop`.
"""
import math

import torch
import torch.nn.functional as F

from .shapes import FAR, TURN, CENTRE, Pick

# Columns of a surface; ids 0 ground, 1 wall, 2 sky, then the parts of the others, then the target's.
TEXTURE, SCALE, COS, SIN, U0, V0, MATRIX, OFFSET, SPECULAR, GLOSS, MIRROR, METAL, GLASS, GLOW = (
    0, 1, 2, 3, 4, 5, 6, 15, 18, 19, 20, 21, 22, 23)
SURFACE_COLUMNS = 24
GROUND, WALL, SKY, FIRST_PART = 0, 1, 2, 3


class Hits:
    """Points to be lit: p, n, to (unit vector towards the viewer) [B,N,3], row [B,N,24], albedo [B,N,3], sky [B,N]."""

    def __init__(self, p, n, to, row, albedo, sky):
        self.p, self.n, self.to, self.row, self.albedo, self.sky = p, n, to, row, albedo, sky

    def pick(self, pick):
        return Hits(*(pick(v) for v in (self.p, self.n, self.to, self.row, self.albedo, self.sky)))

    def put(self, pick, other, where):
        new = [pick.put(a, b, where) for a, b in zip(vars(self).values(), vars(other).values())]
        return Hits(*new)


class Renderer:
    def __init__(self, tracer, bank, fast=True):
        self.tracer, self.bank = tracer, bank
        if fast:
            # Shading is many small elementwise steps: fused, it takes a third of the time.
            for name in ("paint", "lit", "sky", "planes"):
                setattr(self, name, torch.compile(getattr(self, name), dynamic=True))

    # ------------------------------------------------------------ what a ray meets

    def paint(self, scene, ids, u, v, footprint):
        """Surface rows and albedos. ids [B,N], u, v world lengths [B,N], footprint [B,N] world length per pixel."""
        row = scene.surfaces.gather(1, ids[..., None].expand(-1, -1, SURFACE_COLUMNS))
        tu = (row[..., COS] * u - row[..., SIN] * v) * row[..., SCALE] + row[..., U0]
        tv = (row[..., SIN] * u + row[..., COS] * v) * row[..., SCALE] + row[..., V0]
        lod = torch.log2(footprint * row[..., SCALE] * self.bank.size + 1e-6)
        ink = self.bank.sample(row[..., TEXTURE].long(), tu, tv, lod)
        matrix = row[..., MATRIX:MATRIX + 9].unflatten(-1, (3, 3))
        return row, ((matrix * ink[..., None, :]).sum(-1) + row[..., OFFSET:OFFSET + 3]).clamp(0.01, 1)

    def planes(self, scene, o, d):
        """Ground and wall: (t, id) with id SKY and t FAR where neither is met."""
        ground = torch.where(d[..., 2] < -1e-4, (scene.level - o[..., 2]) / d[..., 2].clamp(max=-1e-4), FAR)
        ground = torch.where(ground > 1e-4, ground, FAR)
        facing = (d * scene.wall_normal).sum(-1)
        wall = (scene.wall_offset - (o * scene.wall_normal).sum(-1)) / facing.clamp(max=-1e-4)
        wall = torch.where((facing < -1e-4) & (wall > 1e-3), wall, FAR)
        ids = torch.where(wall < ground, WALL, GROUND)
        t = torch.minimum(ground, wall)
        return t, torch.where(t < 200, ids, SKY)

    def plane_hits(self, scene, o, d, t, ids, pixel):
        on = o + d * t.clamp(max=200)[..., None]
        n = torch.where((ids == WALL)[..., None], scene.wall_normal, d.new_tensor([0, 0, 1.0]))
        along = (on * scene.wall_along).sum(-1)
        u = torch.where(ids == WALL, along, on[..., 0])
        v = torch.where(ids == WALL, on[..., 2], on[..., 1])
        sky = ids == SKY
        u, v = torch.where(sky, torch.atan2(d[..., 0], d[..., 1]), u), torch.where(sky, d[..., 2], v)
        slant = (d * n).sum(-1).abs().clamp(min=0.12).sqrt()
        row, albedo = self.paint(scene, ids, u, v, torch.where(sky, pixel, t * pixel / slant))
        return Hits(on, n, -d, row, albedo, sky.float())

    def part_hits(self, scene, group, first, o, d, t, pixel):
        p = o + d * t[..., None]
        part = self.tracer.distances(group.parts, p).argmin(1)           # [B,n]
        own = group.parts.gather(1, part[..., None].expand(-1, -1, group.parts.shape[-1]))
        local = torch.einsum("bnij,bnj->bni", own[..., TURN:TURN + 9].unflatten(-1, (3, 3)), p - own[..., :3])
        # A skewed projection: continuous on every shape, and the texture turns with the object.
        u, v = local[..., 0] + 0.43 * local[..., 2], local[..., 1] * 0.8 + 0.77 * local[..., 2]
        row, albedo = self.paint(scene, part + first, u, v, 1.5 * t * pixel)
        return Hits(p, self.tracer.normal(group, p), -d, row, albedo, torch.zeros_like(t))

    def meet(self, scene, group, first, o, d, t_group, t, hits, pixel):
        """`hits` with the group's parts in front of what lies at t."""
        nearer = t_group < t
        pick = Pick(nearer)
        if pick.index.shape[1] == 0:
            return hits
        new = self.part_hits(scene, group, first, pick(o), pick(d), pick(t_group).clamp(max=200), pick(pixel))
        return hits.put(pick, new, pick.valid)

    # ------------------------------------------------------------ light

    def sky(self, scene, d, cloud):
        up = d[..., 2:].clamp(0, 1).sqrt()
        colour = scene.horizon + (scene.zenith - scene.horizon) * up + (
            scene.nadir - scene.horizon) * (-d[..., 2:]).clamp(0, 1).sqrt()
        colour = colour + (cloud * scene.horizon.amax(-1, keepdim=True) * 1.3 - colour) * scene.cloudiness
        toward = (d * scene.lights[:, :1, :3]).sum(-1, keepdim=True).clamp(min=0) * (1 - scene.lights[:, :1, 3:4])
        return colour + scene.glow * (toward ** 24 + 2 * toward ** 400)

    def light_at(self, scene, k, p):
        """Direction [B,N,3], distance [B,N] and colour [B,N,3] of light k at p."""
        light = scene.lights[:, k, None]                                 # [B,1,8]: position, point?, colour, width
        point = light[..., 3:4]
        to = torch.where(point > 0, light[..., :3] - p, light[..., :3])
        distance = to.norm(dim=-1, keepdim=True).clamp(min=1e-6)                # an absent light is at 0
        reach = light[..., :3].square().sum(-1, keepdim=True)
        fall = torch.where(point > 0, reach / distance.square().clamp(min=0.05), torch.ones_like(distance))
        return to / distance, torch.where(point > 0, distance, FAR)[..., 0], light[..., 4:7] * fall.clamp(max=6)

    def visibility(self, scene, group, hits):
        """[B,N,L] share of each light that `group` lets through."""
        seen = []
        for k in range(scene.lights.shape[1]):
            to, distance, _ = self.light_at(scene, k, hits.p)
            faces = (to * hits.n).sum(-1) > 0
            pick = Pick(faces & (hits.sky == 0) & (scene.lights[:, k, None, 4:7].amax(-1) > 0))
            v = torch.ones_like(distance)
            if pick.index.shape[1]:
                width = scene.lights[:, k, 7, None].expand_as(distance)
                start = pick(hits.p + hits.n * 4e-3)
                v = pick.put(v, self.tracer.visibility(group, start, pick(to), pick(distance), pick(width)))
            seen.append(v)
        return torch.stack(seen, -1)

    def lit(self, scene, hits, seen, openness, env=None):
        """Radiance towards the viewer. seen [B,N,L], openness [B,N], env [B,N,3] mirrored radiance or None."""
        row, n = hits.row, hits.n
        hemi = scene.ambient_down + (scene.ambient_up - scene.ambient_down) * (0.5 + 0.5 * n[..., 2:])
        # Where the sky is hidden, the neighbour's own bounce takes a part of its place.
        diffuse = hemi * (openness + 0.12 * (1 - openness))[..., None]
        shine = 0
        for k in range(scene.lights.shape[1]):
            to, _, colour = self.light_at(scene, k, hits.p)
            cos = (to * n).sum(-1).clamp(min=0)
            through = (cos * seen[..., k])[..., None] * colour
            diffuse = diffuse + through
            half = F.normalize(to + hits.to, dim=-1)
            lobe = (half * n).sum(-1).clamp(min=0) ** row[..., GLOSS] * (row[..., GLOSS] + 8) / 25
            shine = shine + through * (lobe * row[..., SPECULAR])[..., None]
        metal, glass, glow = row[..., METAL, None], row[..., GLASS, None], row[..., GLOW, None]
        out = hits.albedo * (diffuse * (1 - 0.85 * metal) * (1 - 0.9 * glass) + glow) + shine
        if env is not None:
            edge = (1 - (hits.to * n).sum(-1).clamp(0, 1)) ** 4
            amount = (row[..., MIRROR] * (1 - edge) + edge * row[..., MIRROR].clamp(max=0.6).mul(1.5))[..., None]
            tint = 1 + (hits.albedo - 1) * metal
            out = out * (1 - 0.7 * amount * (1 - metal)) + env * amount * tint
        return out

    def plain(self, scene, hits, d):
        """What a mirror shows: lit without shadows."""
        ones = torch.ones_like(hits.p[..., 0])
        seen = ones[..., None].expand(-1, -1, scene.lights.shape[1])
        out = self.lit(scene, hits, seen, 0.85 * ones)
        return torch.where(hits.sky[..., None] > 0, self.sky(scene, d, hits.albedo), out)

    def mirrored(self, scene, hits, pixel, groups):
        """For each prefix of `groups`, the radiance along the mirrored (for glass also the bent) ray: list of [B,N,3]."""
        zero = torch.zeros_like(hits.p)
        pick = Pick((hits.row[..., MIRROR] > 0.02) & (hits.sky == 0))
        if pick.index.shape[1] == 0:
            return [zero for _ in groups]
        h = hits.pick(pick)
        d = F.normalize(2 * (h.to * h.n).sum(-1, keepdim=True) * h.n - h.to, dim=-1)
        o, wide = h.p + h.n * 8e-3, pick(pixel) * 3
        t, ids = self.planes(scene, o, d)
        seen = self.plane_hits(scene, o, d, t, ids, wide)
        bent = F.normalize(-h.to * 1.0 - 0.45 * h.n, dim=-1)
        t2, ids2 = self.planes(scene, o, bent)
        through = self.plain(scene, self.plane_hits(scene, o, bent, t2, ids2, wide), bent)
        glass = h.row[..., GLASS, None]
        out = []
        for group, first in groups:
            t_group = self.tracer.trace(group, o, d, t.clamp(max=FAR / 2))
            seen = self.meet(scene, group, first, o, d, t_group, t, seen, wide)
            t = torch.minimum(t, t_group)
            env = self.plain(scene, seen, d)
            env = env + glass * (through * (0.3 + 0.7 * h.albedo) * 1.1 - env * 0.75)
            out.append(pick.put(zero, env))
        return out

    # ------------------------------------------------------------ pictures

    def fused(self, scene, size, ss, gain=None):
        """-> B, I linear [B,3,size,size] after exposure and shoulder; visible and whole coverage of the target; and
        the exposure's gain [B,1,1], which is B's own unless given."""
        n = round(size * ss)
        o, d, pixel = rays(scene.camera, n)
        T = self.tracer
        t, ids = self.planes(scene, o, d)
        far = t.clamp(max=FAR / 2)
        t_others = T.trace(scene.others, o, d, far)
        t_target = T.trace(scene.target, o, d, far)
        hits = self.plane_hits(scene, o, d, t, ids, pixel)
        hits = self.meet(scene, scene.others, FIRST_PART, o, d, t_others, t, hits, pixel)
        t = torch.minimum(t, t_others)
        groups = [(scene.others, FIRST_PART), (scene.target, scene.first_target)]

        seen, opened = self.visibility(scene, scene.others, hits), T.openness(scene.others, hits.p, hits.n)
        env_b, env_i = self.mirrored(scene, hits, pixel, groups)
        sky = self.sky(scene, d, hits.albedo)
        haze = (1 - torch.exp(-scene.haze * t.clamp(max=200)))[..., None]
        finish = lambda c: torch.where(hits.sky[..., None] > 0, sky, c + (scene.horizon - c) * haze)
        background = finish(self.lit(scene, hits, seen, opened, env_b))

        seen_i = seen * self.visibility(scene, scene.target, hits)
        opened_i = opened * T.openness(scene.target, hits.p, hits.n)
        picture = finish(self.lit(scene, hits, seen_i, opened_i, env_i))
        visible = t_target < t
        pick = Pick(visible)
        if pick.index.shape[1]:
            own = self.part_hits(scene, scene.target, scene.first_target, pick(o), pick(d),
                                 pick(t_target).clamp(max=200), pick(pixel))
            seen = self.visibility(scene, scene.others, own) * self.visibility(scene, scene.target, own)
            opened = T.openness(scene.others, own.p, own.n) * T.openness(scene.target, own.p, own.n)
            opened = opened * (0.35 + 0.65 * (own.p[..., 2] / 0.25).clamp(0, 1) ** 0.5)   # the ground's own share
            env = self.mirrored(scene, own, pick(pixel), groups)[1]
            picture = pick.put(picture, self.lit(scene, own, seen, opened, env))

        shape = lambda x: shrunk(x, n, size)
        if gain is None:
            gain = scene.exposure / background.mean(-1).clamp(max=2).mean(1)[:, None, None].clamp(min=1e-3)
        return (shape(shoulder(background * gain)), shape(shoulder(picture * gain)),
                shape(visible.float()[..., None]), shape((t_target < FAR).float()[..., None]), gain)

    def studio(self, scene, size, ss):
        """The target alone in studio light -> linear premultiplied RGB [B,3,size,size] and alpha [B,1,size,size]."""
        studio = scene.studio
        n = round(size * ss)
        o, d, pixel = rays(studio.camera, n)
        t = self.tracer.trace(studio.target, o, d, torch.full_like(d[..., 0], FAR / 2))
        pick = Pick(t < FAR)
        out = torch.zeros(*t.shape, 4, device=t.device)
        if pick.index.shape[1]:
            own = self.part_hits(studio, studio.target, studio.first_target, pick(o), pick(d),
                                 pick(t).clamp(max=200), pick(pixel))
            seen = self.visibility(studio, studio.target, own)
            opened = 0.3 + 0.7 * self.tracer.openness(studio.target, own.p, own.n)
            env = self.mirrored(studio, own, pick(pixel), [(studio.target, studio.first_target)])[0]
            c = shoulder(self.lit(studio, own, seen, opened, env) * studio.exposure)
            out = pick.put(out, torch.cat([c, torch.ones_like(c[..., :1])], -1))
        out = shrunk(out, n, size)
        return out[:, :3], out[:, 3:]


def rays(camera, n):
    """Camera rays over n x n pixels: origin, direction [B,n*n,3], and the angle of a pixel [B,n*n]."""
    at = (torch.arange(n, device=camera.origin.device) + 0.5) / n * 2 - 1
    y, x = (g.flatten()[None] for g in torch.meshgrid(at, at, indexing="ij"))
    x = x * camera.tan + camera.shift[:, :1]                             # [B,n*n], tan [B,1]
    y = y * camera.tan + camera.shift[:, 1:]
    right, down, forward = camera.axes.unbind(1)                         # each [B,3]
    d = forward[:, None] + x[..., None] * right[:, None] + y[..., None] * down[:, None]
    o = camera.origin[:, None].expand_as(d).contiguous()
    return o, F.normalize(d, dim=-1), (2 * camera.tan / n).expand_as(x).contiguous()


def area_matrix(out_n, in_n, scale, offset):
    """Rows average the source over each target pixel: x_target = scale*x_source + offset, [B] each -> [B,out_n,in_n]"""
    edge = torch.arange(out_n + 1, device=scale.device)[None]
    edge = (edge - offset[:, None]) / scale[:, None]                     # target pixel edges in source pixels
    cell = torch.arange(in_n, device=scale.device)
    low = torch.maximum(edge[:, :-1, None], cell)
    high = torch.minimum(edge[:, 1:, None], cell + 1.0)
    return (high - low).clamp(min=0) * scale[:, None, None]


def shrunk(x, n, size):
    """Rays [B,n*n,C] -> picture [B,C,size,size], averaged over areas."""
    one = x.new_ones(1)
    m = area_matrix(size, n, one * size / n, one * 0)
    return m @ x.transpose(1, 2).unflatten(-1, (n, n)) @ m.transpose(1, 2)


def shoulder(x, knee=0.65):
    """Linear up to the knee, then a soft approach to 1."""
    return torch.where(x < knee, x, 1 - (1 - knee) * torch.exp(-(x - knee).clamp(min=0) / (1 - knee)))


def develop(x):
    """Linear [0,1] -> sRGB-encoded [0,1]."""
    return torch.where(x <= 0.0031308, 12.92 * x, 1.055 * x.clamp(min=0.0031308) ** (1 / 2.4) - 0.055)
