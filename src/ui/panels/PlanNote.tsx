import { CircleCheck, HardDrive, TriangleAlert, type LucideIcon } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'

import { chooseModel, findPack } from '@/document/models'
import type { FusionDocument } from '@/schema/document'
import { duration } from '@/ui/duration'
import { estimateSeconds, rankOf, type EstimateCase } from '@/ui/estimates'
import { useDocument, useModels, useRun } from '@/ui/studio'
import type { InstalledModel, MemoryPlan } from '@/worker/protocol'

const ICONS: Record<MemoryPlan['verdict'], LucideIcon> = {
  resident: CircleCheck,
  stream: HardDrive,
  'too-large': TriangleAlert,
}

/** The picture that Fuse would make, for the arithmetic of its time. */
function caseOf(doc: FusionDocument, installed: readonly InstalledModel[]): EstimateCase {
  const { model } = chooseModel(doc, { name: '', hash: '', parts: [] }, installed)
  const used = installed.filter(
    ({ family, hash }) => family === 'lora' && model.parts.some((part) => part.hash === hash),
  )
  const loraRank = used.reduce((sum, { parameters }) => sum + rankOf(parameters), 0)
  if (doc.mode === 'align') {
    const { width, height, steps, guidance } = doc.align.settings
    return { mode: 'align', width, height, steps, guided: guidance > 1 }
  }
  if (doc.mode === 'place') {
    const { size, steps, textStrength } = doc.fluxPlace
    return { mode: 'dreamfuse', width: size, height: size, steps, textTokens: 256 * textStrength, loraRank }
  }
  const { width, height, steps, referenceSize, trueCfg, cfgStart, cfgEnd } = doc.compose
  const guidedSteps = trueCfg > 1 ? Math.max(0, Math.min(steps, cfgEnd) - cfgStart) : 0
  return {
    mode: 'dreamo',
    width,
    height,
    steps,
    references: doc.references.length,
    referenceSize,
    guidedSteps,
    loraRank,
  }
}

/** What the planner says about the next run on imported models, and how long it will take as far as that is known. */
export function PlanNote(): ReactNode {
  const status = useRun((state) => state.plan)
  const probing = useModels((state) => state.probing)
  const installed = useModels((state) => state.installed)
  const document = useDocument((state) => state.document)
  const seconds = useMemo(
    () =>
      probing.kind === 'done' && status.kind === 'ready'
        ? estimateSeconds(probing.probe, caseOf(document, installed), {
            streamedBytes: status.plan.streamedBytes,
            parameters: findPack(installed, 'transformer', document.transformer)?.parameters,
          })
        : null,
    [probing, status, document, installed],
  )
  switch (status.kind) {
    case 'none':
      return null
    case 'asking':
      return (
        <div className="plan-note" data-testid="plan">
          <p>Checking memory …</p>
        </div>
      )
    case 'failed':
      // What the planner did not foresee is no news for the user: the run itself will tell.
      return status.problem.code === 'internal' ? null : (
        <div className="plan-note" data-testid="plan">
          <p>{status.problem.message}</p>
        </div>
      )
    case 'ready': {
      const Icon = ICONS[status.plan.verdict]
      return (
        <div className={`plan-note ${status.plan.verdict}`} data-testid="plan">
          <Icon aria-hidden="true" />
          <p>
            {status.plan.reason}
            {seconds !== null && <strong> About {duration(seconds)} on this device.</strong>}
          </p>
        </div>
      )
    }
  }
}
