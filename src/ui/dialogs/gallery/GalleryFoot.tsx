import { FolderInput, ImagePlus, Square } from 'lucide-react'
import { useState, type ReactNode } from 'react'

import { oldestBeyond } from '@/base/oldestBeyond'
import { bytes } from '@/ui/bytes'
import { ProgressBar } from '@/ui/controls/ProgressBar'
import { Say } from '@/ui/controls/Say'
import { LimitQuestion, sizeOf } from '@/ui/dialogs/gallery/LimitQuestion'
import { LIMITS } from '@/ui/dialogs/gallery/limits'
import { useSettings, useShelf, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

/** How much there is, how much is kept, and results from files. */
export function GalleryFoot(): ReactNode {
  const { gallery } = useStudio()
  const results = useShelf((state) => state.results)
  const taking = useShelf((state) => state.taking)
  const limit = useSettings((state) => state.resultsLimit)
  const overLimit = useShelf((state) => state.overLimit)
  /** A limit that would delete something waits for an answer. */
  const [asked, setAsked] = useState<number | null>(null)
  const choose = (next: number | null) => {
    const sure = next === null || oldestBeyond(results, next).length === 0
    setAsked(sure ? null : next)
    if (sure) void gallery.setLimit(next)
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
  if (asked !== null) return <LimitQuestion chosen limit={asked} onAnswer={() => setAsked(null)} />
  if (overLimit && limit !== null && oldestBeyond(results, limit).length > 0)
    return <LimitQuestion chosen={false} limit={limit} onAnswer={() => undefined} />
  return (
    <div className="gallery-foot">
      <span data-testid="gallery-total">
        {say(results.length === 1 ? '{count} result, {size}' : '{count} results, {size}', {
          count: results.length,
          size: sizeOf(results),
        })}
      </span>
      <label>
        <Say
          text="Keep at most {limit}"
          limit={
            <select
              className="field"
              data-testid="gallery-limit"
              value={limit ?? ''}
              title={say('Once there is more without a star, the oldest of it goes')}
              onChange={(event) => choose(Number(event.target.value) || null)}
            >
              {LIMITS.map((one) => (
                <option key={one ?? ''} value={one ?? ''}>
                  {one === null ? say('all|results') : bytes(one)}
                </option>
              ))}
            </select>
          }
        />
      </label>
      <span className="spacer" />
      {taking ? (
        <div className="gallery-taking">
          <ProgressBar label={say('Taking files in')} done={taking.fraction} total={1} />
          <button
            type="button"
            className="button danger"
            disabled={taking.stopping}
            onClick={gallery.stopTaking}
          >
            <Square aria-hidden="true" /> {say(taking.stopping ? 'Stopping …' : 'Stop')}
          </button>
        </div>
      ) : (
        <>
          <button type="button" className="button" onClick={() => take(false)}>
            <ImagePlus aria-hidden="true" /> {say('Take in files')}
          </button>
          <button type="button" className="button" onClick={() => take(true)}>
            <FolderInput aria-hidden="true" /> {say('Take in a folder')}
          </button>
        </>
      )}
    </div>
  )
}
