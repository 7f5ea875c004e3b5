/** What `npm run scale` does inside the page: import a large checkpoint as the studio does, run it resident and streamed. */
import { createBackend } from '@/backend/create'
import type { Tensor } from '@/backend/types'
import { fail } from '@/base/errors'
import { sha256 } from '@/base/sha256'
import { followImport, givenFiles } from '@/cli/librarian'
import type { ScaleForward, ScaleRequest, ScaleResult } from '@/cli/requests'
import { withLibrarian } from '@/engine/librarian'
import type { Modulation } from '@/nets/runner/modulation'
import { Transformer } from '@/nets/runner/transformer'
import type { TransformerRun } from '@/nets/runner/transformerRun'
import { syntheticKlein } from '@/cli/syntheticKlein'
import { fluxDit } from '@/nets/flux/flux'
import { flux2Dit } from '@/nets/flux/flux2'
import { planRun } from '@/nets/runner/memoryPlan'
import { gridIds, type TokenSegment } from '@/nets/runner/tokens'
import { kleinSegments } from '@/pipelines/flux2/kleinDenoise'
import { identify } from '@/weights/import/identify'
import { importModel, planOf } from '@/weights/import/importer'
import { openInstalled } from '@/weights/packs/installed'
import type { Precision } from '@/families/family'
import type { InstalledModel } from '@/worker/protocol'
import { valueOf } from '@/worker/supervised'

/** @param report takes progress as "stage doneBytes totalBytes" */
export async function scale(
  request: ScaleRequest,
  runtimeUrl: string,
  report: (line: string) => void,
): Promise<ScaleResult> {
  switch (request.kind) {
    case 'import':
      return { kind: 'import', ...(await importFile(request.precision, report)) }
    case 'synthesise':
      return { kind: 'synthesise', ...(await synthesise(request.precision, report)) }
    case 'forward':
      return { kind: 'forward', ...(await forward(request, runtimeUrl, report)) }
  }
}

/** Imports the file that the script has put into the page's file input. */
async function importFile(precision: Precision, report: (line: string) => void): Promise<InstalledModel> {
  const files = givenFiles()
  return withLibrarian(async (worker) => {
    const [{ found }] = valueOf(await worker.tell((models) => models.inspect(files)))
    const { resumableBytes, packBytes } = valueOf(found)
    report(`inspect ${resumableBytes} ${packBytes[precision] ?? 0}`)
    const choice = { precision, name: 'Synthetic FLUX', role: null }
    return followImport(worker, files, choice, ({ stage, doneBytes, totalBytes }) =>
      report(`${stage} ${doneBytes} ${totalBytes}`),
    )
  })
}

/** Imports a checkpoint that is made while it is read; says first what room the pack needs. */
async function synthesise(precision: Precision, report: (line: string) => void): Promise<InstalledModel> {
  const file = syntheticKlein()
  const found = await identify([file])
  report(`room ${planOf(found, precision)?.bytes ?? 0}`)
  return importModel([file], {
    precision,
    name: 'Synthetic klein',
    role: null,
    onProgress: ({ stage, doneBytes, totalBytes }) => report(`${stage} ${doneBytes} ${totalBytes}`),
  })
}

/** Waves instead of latents and text. */
const waves = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(0.7371 * i + 1.913 * seed))

/** One evaluation of an installed transformer. */
async function forward(
  { id, residency, backend: choice, textTokens, side }: ScaleForward,
  runtimeUrl: string,
  report: (line: string) => void,
) {
  const pack = await openInstalled(id)
  const { manifest } = pack
  if (manifest.family !== 'fluxDit' && manifest.family !== 'flux2Dit')
    return fail('bad-weights', 'This pack is no FLUX transformer.', 'Import one.', manifest.family)
  const { tensors } = manifest
  const isFlux2 = manifest.family === 'flux2Dit'
  const network = isFlux2 ? flux2Dit(manifest.config) : fluxDit(manifest.config)
  const { backend } = await createBackend(choice, runtimeUrl)
  const segments = isFlux2
    ? kleinSegments(textTokens, { rows: side, columns: side }, [])
    : sequence(textTokens, side)
  const target = segments[1].name
  const started = performance.now()
  const seconds = (): number => (performance.now() - started) / 1000
  const onProgress = (done: number, total: number): void => report(`load ${done} ${total}`)
  const dit = await Transformer.load(backend, network, pack.source(), { residency, onProgress })
  const loaded = seconds()
  const owned: Tensor[] = []
  const upload = (rows: number, width: number, seed: number): Tensor =>
    keep(owned, backend.upload(waves(rows * width, seed), [1, rows, width], 'input'))
  const text = keep(owned, await dit.embedText(upload(textTokens, network.contextDim, 1)))
  const image = keep(owned, await dit.embedImage(upload(side * side, network.inChannels, 2), null))
  const pooled = waves(isFlux2 ? 0 : (manifest.config.vectorDim ?? 0), 3)
  const [modulation] = await dit.modulations([{ sigma: [0.65], guidance: [3.5], pooled }])
  const modulated = seconds()
  const run = dit.layout(segments)
  await run.begin({}, null)
  const output = await backend.read(
    keep(owned, await run.step({ text, [target]: image }, modulation, target, undefined, tapReport(report))),
  )
  const ended = seconds()
  const stopSeconds = await timeStop(
    run,
    { text, [target]: image },
    target,
    modulation,
    (1000 * (ended - modulated)) / 2,
  )
  const { peakBytes } = backend.memory()
  run.dispose()
  modulation.dispose()
  dit.dispose()
  backend.free(...owned)
  backend.trim()
  const leftBytes = backend.memory().residentBytes
  await backend.dispose()
  const hash = await sha256(new Uint8Array(output.buffer as ArrayBuffer))
  const plan = planRun({
    network,
    tensors,
    segments,
    conditionings: 1,
    limits: null,
    budgetBytes: Infinity,
    arithmetic: backend.arithmetic,
    speed: null,
  })
  return {
    residency,
    backend: backend.name,
    hash,
    finite: output.every(Number.isFinite),
    rms: Math.sqrt(output.reduce((sum, value) => sum + value * value, 0) / output.length),
    first: [...output.subarray(0, 4)],
    loadSeconds: loaded,
    modulationSeconds: modulated - loaded,
    forwardSeconds: ended - modulated,
    stopSeconds,
    peakBytes,
    leftBytes,
    planned: {
      weights: plan.residentBytes,
      block: plan.blockBytes,
      activations: plan.activationBytes,
      teraflop: plan.linearTflop + plan.attentionTflop,
    },
  }
}

/** Seconds until an evaluation that is told to stop after some milliseconds has ended. */
async function timeStop(
  run: TransformerRun,
  embedded: Record<string, Tensor>,
  target: string,
  modulation: Modulation,
  afterMs: number,
): Promise<number> {
  const controller = new AbortController()
  let asked = Infinity
  setTimeout(() => {
    asked = performance.now()
    controller.abort()
  }, afterMs)
  try {
    await run.step(embedded, modulation, target, controller.signal)
  } catch (error) {
    if (controller.signal.aborted) return (performance.now() - asked) / 1000
    throw error
  }
  return fail('internal', 'The evaluation ended before it could be stopped.', 'Run it with more tokens.')
}

const keep = (owned: Tensor[], tensor: Tensor): Tensor => {
  owned.push(tensor)
  return tensor
}

const tapReport = (report: (line: string) => void) => (point: string) => {
  report(`point ${point}`)
  return Promise.resolve()
}

function sequence(textTokens: number, side: number): TokenSegment[] {
  const sees = ['text', 'image']
  const common = { modulation: 'step', sees, affine: null } as const
  return [
    { name: 'text', weights: 'text', tokens: textTokens, ids: new Float32Array(3 * textTokens), ...common },
    { name: 'image', weights: 'image', tokens: side * side, ids: gridIds(side, side), ...common },
  ]
}
