import { CircleCheck, HardDrive, TriangleAlert, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

import { duration } from '@/ui/duration'
import { useRun } from '@/ui/studio'
import type { MemoryPlan } from '@/worker/protocol'
import { say, sayText } from '@/words/say'

const ICONS: Record<MemoryPlan['verdict'], LucideIcon> = {
  resident: CircleCheck,
  stream: HardDrive,
  'too-large': TriangleAlert,
}

/** What the planner says about the next run on imported models, and how long it will take as far as that is known. */
export function PlanNote(): ReactNode {
  const status = useRun((state) => state.plan)
  switch (status.kind) {
    case 'none':
      return null
    case 'asking':
      return (
        <div className="plan-note" data-testid="plan">
          <p>{say('Checking memory …')}</p>
        </div>
      )
    case 'failed':
      // What the planner did not foresee is no news for the user: the run itself will tell.
      return status.problem.code === 'internal' ? null : (
        <div className="plan-note" data-testid="plan">
          <p>{sayText(status.problem.message)}</p>
        </div>
      )
    case 'ready': {
      const { verdict, reason, seconds } = status.plan
      const Icon = ICONS[verdict]
      return (
        <div className={`plan-note ${verdict}`} data-testid="plan">
          <Icon aria-hidden="true" />
          <p>
            {sayText(reason)}
            {seconds !== null && (
              <strong> {say('About {time} on this device.', { time: duration(seconds) })}</strong>
            )}
          </p>
        </div>
      )
    }
  }
}
