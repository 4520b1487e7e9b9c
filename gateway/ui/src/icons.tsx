// The signs of what this page adds to GraphiQL, drawn in its manner: one line, the colour of the text.
import type { ReactNode } from 'react';

/** GraphiQL gives the sign of a panel its size, and one in the toolbar by its class. */
function Sign({ children, className }: { children: ReactNode; className?: string }) {
  const line = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.5, strokeLinecap: 'round', strokeLinejoin: 'round' } as const;
  return (
    <svg className={className} width="1em" height="1em" viewBox="0 0 24 24" aria-hidden="true" {...line}>
      {children}
    </svg>
  );
}

/** A ribbon in a book. */
export const SavedIcon = () => (
  <Sign>
    <path d="M6 3h12a1 1 0 0 1 1 1v17l-7-5-7 5V4a1 1 0 0 1 1-1Z" />
  </Sign>
);

/** A lamp. */
export const ExamplesIcon = () => (
  <Sign>
    <path d="M9 18h6M10 21h4M12 3a6 6 0 0 0-3.5 10.9c.9.7 1.5 1.4 1.5 2.6h4c0-1.2.6-1.9 1.5-2.6A6 6 0 0 0 12 3Z" />
  </Sign>
);

/** Down into a tray. */
export const ExportIcon = () => (
  <Sign className="graphiql-toolbar-icon">
    <path d="M12 3v12m0 0 4-4m-4 4-4-4M4 15v4a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-4" />
  </Sign>
);
