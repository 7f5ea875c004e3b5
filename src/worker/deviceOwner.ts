/**
 * The one owner of the engine's device. Jobs, plans and restarts all ask here, so that there is never a second one:
 * whoever asks while it is made shares it, and whoever asks while it is let go waits and gets the next.
 */
import type { ChosenBackend } from '@/backend/create'
import { Once } from '@/base/once'
import { createQueue } from '@/base/queue'

export class DeviceOwner {
  private readonly made = new Once<ChosenBackend>()
  private readonly inTurn = createQueue()

  /** The backend there is, else what `create` makes. A failure is told to all who wait, and not kept. */
  open(create: () => Promise<ChosenBackend>): Promise<ChosenBackend> {
    return this.made.get(() => this.inTurn(create))
  }

  /** Lets the device go, also one that is still being made. @throws what letting go throws; the device is gone then too */
  close(): Promise<void> {
    const made = this.made.take()
    return this.inTurn(async () => {
      const chosen = await made?.catch(() => null)
      await chosen?.backend.dispose()
    })
  }

  /** The backend that is there or comes, if any. */
  current(): Promise<ChosenBackend> | null {
    return this.made.peek()
  }
}
