"""Holds model.py to the golden case of the U-Net, where that folder is present: python -m unet.golden FOLDER"""
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

from .model import Ddim, Unet, UnetConfig


def config_of(published):
    """diffusers' config.json -> UnetConfig."""
    return UnetConfig(inChannels=published["in_channels"], outChannels=published["out_channels"],
                      channels=published["block_out_channels"], heads=published["attention_head_dim"],
                      attention=[k.startswith("CrossAttn") for k in published["down_block_types"]],
                      resnets=published["layers_per_block"], contextDim=published["cross_attention_dim"],
                      groups=published["norm_num_groups"], prediction="epsilon")


@torch.no_grad()
def check(folder):
    """-> largest deviations of the forward pass, the non-square batch and the 20-step trajectory."""
    folder = Path(folder)
    inputs, expected = load_file(folder / "inputs.safetensors"), load_file(folder / "expected.safetensors")
    published = json.loads((folder / "config.json").read_text())
    net = Unet(config_of(published)).eval()
    net.load_state_dict(load_file(folder / "weights.safetensors"))
    gap = lambda a, b: float((a - b).abs().max())
    out = {"output": gap(net(inputs["sample"], inputs["timestep"], inputs["encoder_hidden_states"]), expected["output"]),
           "ns.output": gap(net(inputs["ns.sample"], inputs["ns.timestep"], inputs["ns.encoder_hidden_states"]),
                            expected["ns.output"])}
    ddim, x = Ddim(20), inputs["ddim.noise"]
    assert ddim.timesteps == expected["ddim.timesteps"].tolist()
    context = torch.cat([inputs["ddim.negative_encoder_hidden_states"], inputs["encoder_hidden_states"]])
    for i, t in enumerate(ddim.timesteps):
        without, cond = net(x.expand(2, -1, -1, -1), torch.tensor([t, t]), context).chunk(2)
        x, _ = ddim.step(x, without + 5 * (cond - without), t, 1.0, inputs["ddim.variance_noise"][i])
    out["ddim.latents"] = gap(x, expected["ddim.latents"][-1])
    return out


if __name__ == "__main__":
    print(check(sys.argv[1]))
