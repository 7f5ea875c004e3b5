import { OnceEach } from '@/base/once'
import { releaseAll } from '@/base/release'
import type { ModelKeeper } from '@/pipelines/shared/engineMode'

interface Disposable {
  dispose(): void
}

/** The models that the engine has open for the next picture. */
export class KeptModels implements ModelKeeper {
  private readonly small = new OnceEach<Disposable>()
  private large: { key: string; models: Disposable } | null = null

  /** Asked by jobs and, beside them, by whoever counts a prompt's words. */
  always<T extends Disposable>(key: string, open: () => Promise<T>): Promise<T> {
    // A key names what kind of models it stands for.
    return this.small.get(key, open) as Promise<T>
  }

  /** Asked by jobs alone, which take turns. */
  async latest<T extends Disposable>(parts: readonly unknown[], open: () => Promise<T>): Promise<T> {
    const key = JSON.stringify(parts)
    // As above.
    if (this.large?.key === key) return this.large.models as T
    this.letGo()
    const models = await open()
    this.large = { key, models }
    return models
  }

  /** Lets go of all, also of what is being opened yet. @throws what letting go throws; all are forgotten then, too */
  async close(): Promise<void> {
    const small = await this.small.takeAll()
    return releaseAll([...small.map((models) => () => models.dispose()), () => this.letGo()])
  }

  private letGo(): void {
    const { large } = this
    this.large = null
    large?.models.dispose()
  }
}
