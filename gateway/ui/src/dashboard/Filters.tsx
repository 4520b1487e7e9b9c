// What the figures are about: which DSOs, and when. Each choice is a step in the address.
import { useState, type SubmitEvent } from 'react';
import { go } from './address';
import { Popover } from './Popover';
import type { Dso } from './questions';
import { areDays, dayOf, isPreset, PRESET_WORDS, PRESETS, USUAL, type Range } from './range';
import { useSay } from './terms';
import { dsos as dsosInWords } from './words';

function DsoFilter({ dsos, chosen, isNamed }: Pick<FiltersProps, 'dsos' | 'chosen' | 'isNamed'>) {
  const say = useSay();
  // One that is all there is, or all that is chosen, is called by its name.
  const [only] = dsos.length === 1 ? dsos : dsos.filter(({ id }) => chosen.includes(id));
  const label = !isNamed
    ? 'None'
    : chosen.length === 0 && dsos.length > 1
      ? say(`All ${dsosInWords(dsos.length)}`)
      : dsos.length === 1 || chosen.length === 1
        ? (only?.name ?? '')
        : say(`${chosen.length} of ${dsosInWords(dsos.length)}`);
  const toggle = (id: string) => {
    const next = chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id];
    // All of them one by one is all of them: also of those that come later.
    go({ dsos: next.length === dsos.length ? [] : next });
  };
  return (
    <Popover name={say('DSOs')} label={label}>
      <fieldset>
        <legend className="unseen">{say('DSOs')}</legend>
        {dsos.map(({ id, name }) => (
          <label key={id}>
            <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      <button type="button" disabled={chosen.length === 0} onClick={() => go({ dsos: [] })}>
        Show all
      </button>
    </Popover>
  );
}

function CustomRange({ range }: { range: Range | null }) {
  const today = dayOf(new Date());
  const [days, setDays] = useState(range === null || isPreset(range) ? { first: today.slice(0, 8) + '01', last: today } : range);
  const isSound = areDays(days);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isSound) go({ range: days });
  };
  return (
    <form className="days" onSubmit={submit}>
      <label>
        From
        <input type="date" required value={days.first} onChange={(event) => setDays({ ...days, first: event.target.value })} />
      </label>
      <label>
        To
        <input type="date" required value={days.last} onChange={(event) => setDays({ ...days, last: event.target.value })} />
      </label>
      <button type="submit" disabled={!isSound}>
        Apply
      </button>
      {!isSound && <p role="status">The first day must not be after the last one.</p>}
    </form>
  );
}

/** What is shown while no range is chosen: the overview's usual one, or of a saved dashboard each widget's own. */
export type Unchosen = 'usual' | 'own';

function RangePicker({ range, unchosen }: { range: Range | null; unchosen: Unchosen }) {
  const [isCustom, setCustom] = useState(range !== null && !isPreset(range));
  const chosen = range ?? (unchosen === 'usual' ? USUAL : 'own');
  const shown = isCustom || typeof chosen !== 'string' ? 'custom' : chosen;
  return (
    <div className="range">
      <div className="segments" role="group" aria-label="Range of time">
        {unchosen === 'own' && (
          <button
            type="button"
            aria-pressed={shown === 'own'}
            onClick={() => {
              setCustom(false);
              go({ range: null });
            }}
          >
            As saved
          </button>
        )}
        {PRESETS.map((preset) => (
          <button
            key={preset}
            type="button"
            aria-pressed={shown === preset}
            onClick={() => {
              setCustom(false);
              go({ range: preset });
            }}
          >
            {PRESET_WORDS[preset]}
          </button>
        ))}
        <button type="button" aria-pressed={shown === 'custom'} onClick={() => setCustom(true)}>
          Custom
        </button>
      </div>
      {shown === 'custom' && <CustomRange range={range} />}
    </div>
  );
}

interface FiltersProps {
  dsos: Dso[];
  chosen: string[];
  /** Whether any of those that the address names is among them; also where it names none. */
  isNamed: boolean;
  range: Range | null;
  unchosen: Unchosen;
}

export function Filters({ dsos, chosen, isNamed, range, unchosen }: FiltersProps) {
  return (
    <section className="filters" aria-label="Filters">
      {dsos.length > 0 && <DsoFilter {...{ dsos, chosen, isNamed }} />}
      <RangePicker key={unchosen} range={range} unchosen={unchosen} />
    </section>
  );
}
