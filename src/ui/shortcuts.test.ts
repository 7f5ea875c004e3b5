import { describe, expect, it, vi } from 'vitest'

import { SHORTCUTS } from '@/ui/shortcuts'
import { createRunStore, type RunStatus } from '@/ui/stores/run'
import { createTourStore } from '@/ui/stores/tour'
import { createViewStore } from '@/ui/stores/view'
import type { Studio } from '@/ui/studio'

describe('Escape while something runs', () => {
  it.each([
    ['stops it', {}, false, 1],
    ['held down does nothing more', {}, true, 0],
    ['does not drop what is finished', { stopping: true, finishing: true }, false, 0],
  ])('%s', (_, changed, repeat, times) => {
    const run = createRunStore()
    const status: RunStatus = {
      ...{
        kind: 'running',
        task: 'fuse',
        jobId: 'j',
        holds: false,
        here: true,
        stage: '',
        fraction: null,
        secondsLeft: null,
      },
      ...{ stopping: false, finishing: false, dropped: false },
    }
    run.setState({ run: { ...status, ...changed } })
    const stop = vi.fn()
    const studio = {
      ...{ run, view: createViewStore(), tour: createTourStore(), actions: { stop } },
      canvas: { cancelGesture: () => false },
    } as unknown as Studio
    const escape = SHORTCUTS.find(({ id }) => id === 'escape')
    escape?.run(studio, { repeat } as KeyboardEvent)
    expect(stop).toHaveBeenCalledTimes(times)
  })
})
