"""Writes and reads packs: manifest.json and safetensors shards (docs/formats.md, Weight packs)."""
import hashlib
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

SHARD = 15 * 2 ** 20
BLOCK = 32


def quantised(w):
    """w [out,in] -> (U8 [out,blocks,32], F32 scale [out,blocks]); w = (u - 128) * scale."""
    w = F.pad(w.float(), (0, -w.shape[1] % BLOCK)).unflatten(1, (-1, BLOCK))
    scale = w.abs().amax(-1) / 127
    u = torch.where(scale[..., None] > 0, w / scale[..., None].clamp(min=1e-30), 0.0).round().clamp(-127, 127) + 128
    return u.to(torch.uint8), scale


def dequantised(u, scale, columns):
    return ((u.float() - 128) * scale[..., None]).flatten(1)[:, :columns].contiguous()


def is_big_linear(name, t):
    """Linears go to q8; embeddings, norms, biases and what is small stay f32."""
    return name.endswith(".weight") and t.ndim == 2 and "embeddings" not in name and t.shape[1] % BLOCK == 0


def is_big(name, t):
    """The same, and convolutions: [out,in,y,x] are matrices of out rows."""
    return is_big_linear(name, t) or (name.endswith(".weight") and t.ndim == 4 and t[0].numel() >= BLOCK)


def write_pack(folder, tensors, config, words, provenance, name, family, quantises=is_big):
    """tensors: canonical name -> f32. Returns the tensors as a reader will see them (q8 rounded)."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("model-*.safetensors"):
        old.unlink()
    entries, shards, seen = {}, [{}], {}
    for key, t in tensors.items():
        t = t.detach().float().cpu().contiguous()
        if quantises(key, t):
            u, scale = quantised(t.flatten(1))
            parts = {key: u, key + ".scale": scale}
            entries[key] = {"format": "q8", "shape": list(t.shape), "block": BLOCK}
            seen[key] = dequantised(u, scale, t[0].numel()).reshape(t.shape)
        else:
            parts = {key: t}
            entries[key] = {"format": "f32", "shape": list(t.shape)}
            seen[key] = t
        size = sum(p.nbytes for p in parts.values())
        if sum(p.nbytes for p in shards[-1].values()) + size > SHARD - 2 ** 16:
            shards.append({})
        shards[-1].update(parts)
    files = []
    for i, shard in enumerate(shards):
        path = folder / f"model-{i + 1:05d}.safetensors"
        save_file(shard, path)
        data = path.read_bytes()
        files.append({"file": path.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()})
    manifest = {"schema": 1, "name": name, "family": family, "config": config, "licence": "Apache-2.0",
                "provenance": provenance, "words": words, "tensors": entries, "shards": files}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    return seen


def read_pack(folder):
    """-> (manifest, canonical name -> f32 tensor), hashes checked."""
    folder = Path(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    raw = {}
    for shard in manifest["shards"]:
        data = (folder / shard["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == shard["sha256"], f"{shard['file']} is damaged"
        raw.update(load_file(folder / shard["file"]))
    tensors = {}
    for key, entry in manifest["tensors"].items():
        q8 = entry["format"] == "q8"
        if q8:
            matrix = dequantised(raw[key], raw[key + ".scale"], math.prod(entry["shape"][1:]))
            tensors[key] = matrix.reshape(entry["shape"])
        else:
            tensors[key] = raw[key].float()
    return manifest, tensors
