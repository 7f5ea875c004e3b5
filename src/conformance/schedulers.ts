/** Adaptor of `schedulers`: flow-match Euler and DDIM, pure arithmetic. */
import { hostTensor, type GoldenCase } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import { Ddim, type DdimConfig } from '@/samplers/ddim'
import { addNoise, dynamicMu, eulerStep, flowSigmas } from '@/samplers/flowMatch'

interface Schedules {
  flowmatch_flux_dev: {
    steps: number
    image_seq_len: number
    mu: number
    sigmas: number[]
    timesteps: number[]
  }[]
  flowmatch_schnell: { steps: number; sigmas: number[] }[]
  flowmatch_static_shift3: { steps: number; sigmas: number[]; timesteps: number[] }[]
  ddim: { timestep_spacing: DdimConfig['spacing']; steps: number; timesteps: number[]; variance: number[] }[]
}

export async function runSchedulers(golden: GoldenCase, report: Report): Promise<void> {
  const schedules = await golden.json<Schedules>('schedules.json')
  const inputs = await golden.tensors('inputs.safetensors')
  const expected = await golden.tensors('expected.safetensors')
  const get = (name: string) => hostTensor(inputs, name).data
  const want = (name: string) => hostTensor(expected, name).data
  const given = golden.config.tolerance as {
    sigmas_abs: number
    alphas_rel: number
    abs: number
    rel: number
  }
  const flux = golden.config.flux as { num_train_timesteps: number; shift: number }
  const sigmaTolerance = { abs: given.sigmas_abs, rel: 0 }
  const timeTolerance = { abs: given.sigmas_abs * flux.num_train_timesteps, rel: 0 }

  for (const { steps, image_seq_len: tokens, mu, sigmas, timesteps } of schedules.flowmatch_flux_dev) {
    const ours = flowSigmas(steps, { kind: 'dynamic', mu: dynamicMu(tokens) })
    const name = `flux-dev ${steps} steps ${tokens} tokens`
    report.compare(`${name} mu`, [dynamicMu(tokens)], [mu], { abs: 1e-12, rel: 0 })
    report.compare(name, ours, sigmas, sigmaTolerance)
    report.compare(
      `${name} times`,
      [...ours.slice(0, -1)].map((s) => s * 1000),
      timesteps,
      timeTolerance,
    )
  }
  for (const { steps, sigmas } of schedules.flowmatch_schnell)
    report.compare(`schnell ${steps} steps`, flowSigmas(steps, { kind: 'none' }), sigmas, sigmaTolerance)
  for (const { steps, sigmas } of schedules.flowmatch_static_shift3) {
    const shift = { kind: 'static', shift: flux.shift, trainSteps: flux.num_train_timesteps } as const
    report.compare(`static shift ${steps} steps`, flowSigmas(steps, shift), sigmas, sigmaTolerance)
  }

  const x = get('fm.x').slice()
  const velocities = get('fm.v')
  const sigmas = want('fm.sigmas')
  for (let step = 0; step + 1 < sigmas.length; step++) {
    eulerStep(x, velocities.subarray(step * x.length, (step + 1) * x.length), sigmas[step], sigmas[step + 1])
    report.compare(
      `fm.x_after ${step}`,
      x,
      want('fm.x_after').subarray(step * x.length, (step + 1) * x.length),
      given,
    )
  }
  const noised = addNoise(get('fm.x'), velocities.subarray(0, x.length), want('fm.scale_noise_sigma')[0])
  report.compare('fm.scale_noise', noised, want('fm.scale_noise'), given)

  const base = golden.config.ddim as Record<string, number | boolean>
  const ddim = (prediction: DdimConfig['prediction'], spacing: DdimConfig['spacing'], steps: number) =>
    new Ddim(
      {
        trainSteps: base.num_train_timesteps as number,
        betaStart: base.beta_start as number,
        betaEnd: base.beta_end as number,
        stepsOffset: base.steps_offset as number,
        setAlphaToOne: base.set_alpha_to_one as boolean,
        prediction,
        spacing,
      },
      steps,
    )
  const schedule = ddim('epsilon', 'leading', 20)
  report.compare('ddim.betas', schedule.betas, want('ddim.betas'), { abs: 0, rel: given.alphas_rel })
  report.compare('ddim.alphas_cumprod', schedule.alphasCumprod, want('ddim.alphas_cumprod'), {
    abs: 0,
    rel: given.alphas_rel,
  })
  for (const { timestep_spacing: spacing, steps, timesteps, variance } of schedules.ddim) {
    const ours = ddim('epsilon', spacing, steps)
    report.compare(`ddim ${spacing} ${steps} times`, ours.timesteps, timesteps, { abs: 0, rel: 0 })
    const variances = ours.timesteps.map((timestep) => ours.variance(timestep))
    report.compare(`ddim ${spacing} ${steps} variance`, variances, variance, {
      abs: given.abs,
      rel: given.alphas_rel,
    })
  }

  const [sample, output, noise] = ['sample', 'model_output', 'variance_noise'].map((name) =>
    get(`ddim.${name}`),
  )
  for (const name of expected.keys()) {
    const stepped = /^ddim\.(epsilon|v_prediction)\.(\w+)\.step(\d+)\.eta([01])\.prev$/.exec(name)
    const original = /^ddim\.(epsilon|v_prediction)\.(\w+)\.pred_original_step(\d+)$/.exec(name)
    const fusion = /^dfusion\.step(\d+)\.(prev|log_prob|x0)$/.exec(name)
    if (stepped ?? original) {
      const [, prediction, spacing, index, eta] = (stepped ?? original) as RegExpExecArray
      const ours = ddim(prediction as DdimConfig['prediction'], spacing as DdimConfig['spacing'], 20)
      const result = ours.step(sample, output, ours.timesteps[Number(index)], Number(eta ?? 0), noise)
      report.compare(name, stepped ? result.previous : result.original, want(name), given)
    } else if (fusion) {
      const result = schedule.step(sample, output, schedule.timesteps[Number(fusion[1])], 1, noise)
      const values = { prev: result.previous, log_prob: [result.logProbability ?? NaN], x0: result.original }
      report.compare(name, values[fusion[2] as keyof typeof values], want(name), given)
    }
  }
}
