// One figure, how it has changed, and the way to what is behind it.
import type { ReactNode } from 'react';

interface CardProps {
  name: string;
  figure: string;
  /** 0 to 1, for a figure that is a part of a whole. */
  share?: number | null | undefined;
  children: ReactNode;
  more?: { label: string; open(): void };
}

/** Beside a figure that says the same, so it is only for the eye. */
function Meter({ share }: { share: number }) {
  return (
    <svg className="meter" aria-hidden="true" width="100%" height="6">
      <rect width="100%" height="6" rx="3" />
      <rect className="full" width={`${Math.min(Math.max(share, 0), 1) * 100}%`} height="6" rx="3" />
    </svg>
  );
}

export function Card({ name, figure, share, children, more }: CardProps) {
  return (
    <section className="card figure" aria-label={name}>
      <h2>{name}</h2>
      <p className="value">{figure}</p>
      {share !== undefined && share !== null && <Meter share={share} />}
      {children}
      {more && (
        <button type="button" className="more" onClick={more.open}>
          {more.label} <span aria-hidden="true">→</span>
        </button>
      )}
    </section>
  );
}
