"""The latent: a fixed linear map of 4x4 patches onto their principal components, and back. Nothing is learnt.

z = basis (patch - mean) / scale, patch = mean + basis^T (z * scale); a patch is [c*16 + y*4 + x], pixels in [-1,1].
`scale` is the components' standard deviation to the power 0.75, times a constant that makes the mean variance 1: fine
detail counts less than what carries the picture, but more than in pixels.
"""
import torch
import torch.nn.functional as F

PATCH = 4


class Latent:
    def __init__(self, basis, mean, scale):
        self.basis, self.mean, self.scale = basis, mean, scale           # [C,48], [48], [C]

    @classmethod
    def fit(cls, pictures, channels=16):
        """pictures [n,3,H,W] in [-1,1]"""
        p = F.pixel_unshuffle(pictures.double(), PATCH).permute(0, 2, 3, 1).flatten(0, 2)
        mean = p.mean(0)
        values, vectors = torch.linalg.eigh((p - mean).T @ (p - mean) / len(p))
        std, basis = values.flip(0)[:channels].clamp(min=1e-9).sqrt(), vectors.T.flip(0)[:channels]
        basis = basis * basis.sum(1, keepdim=True).sign()                # brighter is positive
        scale = std ** 0.75
        scale = scale * ((std / scale) ** 2).mean().sqrt()
        return cls(basis.float(), mean.float(), scale.float())

    def tensors(self):
        return {"latent.basis": self.basis, "latent.mean": self.mean, "latent.scale": self.scale}

    @classmethod
    def of(cls, tensors):
        return cls(*(tensors[f"latent.{k}"].float() for k in ("basis", "mean", "scale")))

    def encode(self, pictures):
        """[B,3,H,W] in [-1,1] -> [B,C,H/4,W/4]"""
        p = F.pixel_unshuffle(pictures, PATCH) - self.mean[:, None, None]
        return torch.einsum("ck,bkhw->bchw", self.basis, p) / self.scale[:, None, None]

    def decode(self, z):
        p = torch.einsum("ck,bchw->bkhw", self.basis, z * self.scale[:, None, None])
        return F.pixel_shuffle(p + self.mean[:, None, None], PATCH)
