import { FolderInput, ImagePlus, Square } from 'lucide-react'
import { useState, type ReactNode } from 'react'

import { oldestBeyond } from '@/base/oldestBeyond'
import { bytes } from '@/ui/bytes'
import { ProgressBar } from '@/ui/controls/ProgressBar'
import type { ShelfItem } from '@/ui/stores/shelf'
import { useSettings, useShelf, useStudio } from '@/ui/studio'

const LIMITS = [null, 1e9, 2e9, 5e9, 10e9, 20e9]

const sizeOf = (results: readonly ShelfItem[]): string =>
  bytes(results.reduce((sum, one) => sum + one.bytes, 0))

/** How much there is, how much is kept, and results from files. */
export function GalleryFoot(): ReactNode {
  const { gallery, settings } = useStudio()
  const results = useShelf((state) => state.results)
  const taking = useShelf((state) => state.taking)
  const limit = useSettings((state) => state.resultsLimit)
  /** A limit that would delete something waits for an answer. */
  const [asked, setAsked] = useState<number | null>(null)
  const going = asked === null ? [] : oldestBeyond(results, asked)
  const choose = (next: number | null) => {
    const sure = next === null || oldestBeyond(results, next).length === 0
    setAsked(sure ? null : next)
    if (sure) settings.setState({ resultsLimit: next })
  }
  const take = (folder: boolean) => {
    const input = document.createElement('input')
    Object.assign(input, { type: 'file', multiple: true, accept: 'image/png', webkitdirectory: folder })
    input.addEventListener('change', () => {
      const files = [...(input.files ?? [])].filter(({ name }) => /\.png$/i.test(name))
      void gallery.take(files)
    })
    input.click()
  }
  if (asked !== null)
    return (
      <div className="gallery-foot" role="group" aria-label="A limit of results">
        <strong>
          {going.length} of {results.length} results would be deleted now, {sizeOf(going)}: the oldest without
          a star.
        </strong>
        <span className="spacer" />
        <button type="button" className="button" autoFocus onClick={() => setAsked(null)}>
          Keep them
        </button>
        <button
          type="button"
          className="button danger"
          data-testid="gallery-limit-sure"
          onClick={() => {
            setAsked(null)
            settings.setState({ resultsLimit: asked })
          }}
        >
          Delete them, and keep {bytes(asked)}
        </button>
      </div>
    )
  return (
    <div className="gallery-foot">
      <span data-testid="gallery-total">
        {results.length} {results.length === 1 ? 'result' : 'results'}, {sizeOf(results)}
      </span>
      <label>
        Keep at most{' '}
        <select
          className="field"
          data-testid="gallery-limit"
          value={limit ?? ''}
          title="Once there is more without a star, the oldest of it goes"
          onChange={(event) => choose(Number(event.target.value) || null)}
        >
          {LIMITS.map((one) => (
            <option key={one ?? ''} value={one ?? ''}>
              {one === null ? 'all' : bytes(one)}
            </option>
          ))}
        </select>
      </label>
      <span className="spacer" />
      {taking ? (
        <div className="gallery-taking">
          <ProgressBar label="Taking files in" done={taking.fraction} total={1} />
          <button
            type="button"
            className="button danger"
            disabled={taking.stopping}
            onClick={gallery.stopTaking}
          >
            <Square aria-hidden="true" /> {taking.stopping ? 'Stopping …' : 'Stop'}
          </button>
        </div>
      ) : (
        <>
          <button type="button" className="button" onClick={() => take(false)}>
            <ImagePlus aria-hidden="true" /> Take in files
          </button>
          <button type="button" className="button" onClick={() => take(true)}>
            <FolderInput aria-hidden="true" /> Take in a folder
          </button>
        </>
      )}
    </div>
  )
}
