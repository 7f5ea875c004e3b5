"""DPO, DDPO and DPOK on pairs of trajectories (specs: D-Fusion §7, Eq. 6, 8, 9), one step of a pair at a time.

Log-probabilities and divergences are means over the latent's elements, as they are logged in sampling. Index 0 is the
winner, 1 the loser.
"""
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from unet.model import Ddim, log_probability


@dataclass
class Options:
    objective: str = "dpo"     # dpo, ddpo or dpok
    beta: float = 1.0          # DPO: factor of the ratios; DPOK: weight of the divergence
    alpha: float = 0.99        # DPOK: weight of the reward
    clip: float = 0.1          # DDPO: how far a ratio may move from 1
    old: str = "start"         # p_old: of the U-Net at the start, or "logged"


def distribution(unet, pair, i):
    """Step i of both runs -> mean of the next sample [2,C,H,W], sigma, log-probability of what came next [2]."""
    x, following = (torch.stack([run.latents[k] for run in (pair.winner, pair.loser)]) for k in (i, i + 1))
    device = next(unet.parameters()).device
    x, following = x.to(device), following.to(device)
    guidance, t = pair.settings["guidance"], pair.timesteps[i]
    context = lambda e: e.to(device).expand(2, -1, -1)
    if guidance == 1:
        output = unet(x, torch.full((2,), t, device=device), context(pair.embedding))
    else:
        both = torch.cat([context(pair.negative), context(pair.embedding)])
        without, given = unet(torch.cat([x, x]), torch.full((4,), t, device=device), both).chunk(2)
        output = without + guidance * (given - without)
    ddim = Ddim(len(pair.timesteps), unet.config.prediction)
    ddim.alphas = ddim.alphas.to(device)
    mean, sigma, _ = ddim.mean(x, output, t, pair.settings["eta"])
    return mean, sigma, log_probability(following, mean, sigma)


def divergence(mean, old, sigma):
    """KL of two Gaussians of equal deviation: [2]"""
    return ((mean - old) ** 2 / (2 * sigma ** 2)).flatten(1).mean(1)


def dpo(ratio, beta):
    """Eq. 6, with ratios of probabilities."""
    return -F.logsigmoid(beta * (ratio[0] - ratio[1]))


def ddpo(ratio, advantage, clip):
    """Eq. 8, clipped as PPO does. Where it is not clipped its gradient is -ratio * advantage * grad(log p)."""
    return -torch.minimum(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage).sum()


def dpok(logp, advantage, kl, alpha, beta):
    """Eq. 9; the reward's advantage stands in for the value network."""
    return (-alpha * advantage * logp + beta * kl).sum()


def loss_of(unet, loras, pair, i, advantage, options):
    """Loss of step i and the ratios p / p_old [2]. `advantage` [2]; DPO has no use for it."""
    mean, sigma, logp = distribution(unet, pair, i)
    device = logp.device
    if options.old == "logged" and options.objective != "dpok":
        mean_old = None
        logp_old = torch.stack([run.log_probability[i] for run in (pair.winner, pair.loser)]).to(device)
    else:
        with torch.no_grad(), loras.old():
            mean_old, _, logp_old = distribution(unet, pair, i)
    ratio = (logp - logp_old).exp()
    if options.objective == "dpo":
        return dpo(ratio, options.beta), ratio.detach()
    advantage = advantage.to(device)
    if options.objective == "ddpo":
        return ddpo(ratio, advantage, options.clip), ratio.detach()
    kl = divergence(mean, mean_old, sigma)
    return dpok(logp, advantage, kl, options.alpha, options.beta), ratio.detach()


def advantages(pairs, history=(), clip=5.0):
    """(R - mean) / std over all pictures of the same prompt, of `history` too -> per pair [2]."""
    known = {}
    for entry in [*history, *pairs]:
        if entry["scores"] is None:
            raise SystemExit(f"Pair {entry['id']} has no scores; only DPO can do without.")
        known.setdefault(entry["recipe"]["prompt"], []).extend(rewards(entry))
    out = []
    for entry in pairs:
        all_ = torch.tensor(known[entry["recipe"]["prompt"]])
        out.append(((torch.tensor(rewards(entry)) - all_.mean()) / all_.std(correction=0).clamp(min=1e-6)).clamp(-clip, clip))
    return out


def rewards(entry):
    """Scores of winner and loser."""
    return [entry["scores"][entry["winner"]], entry["scores"][entry["loser"]]]
