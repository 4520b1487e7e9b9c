// A sheet over the page: at the side of a wide one, all over a narrow one. Escape and a press beside it close it, and the keyboard goes
// back to where it was.
import { useId, type ReactNode } from 'react';
import { useModal } from './modal';

interface SheetProps {
  title: string;
  /** Below the title; read out when it changes. */
  about?: string;
  tools?: ReactNode;
  onClose(): void;
  /** What a press beside the sheet does: a form with somebody's words in it is not lost by a slip of the mouse. */
  beside?: 'closes' | 'stays';
  children: ReactNode;
}

export function Sheet({ title, about, tools, onClose, beside = 'closes', children }: SheetProps) {
  const dialog = useModal();
  const heading = useId();

  return (
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={heading}
      onCancel={(event) => {
        // That of a field in it, such as a file's, is its own.
        if (event.target !== dialog.current) return;
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => beside === 'closes' && event.target === dialog.current && onClose()}
    >
      <div className="inside">
        <header>
          <div>
            <h2 id={heading}>{title}</h2>
            {about !== undefined && (
              <p className="hint" role="status">
                {about}
              </p>
            )}
          </div>
          <div className="tools">
            {tools}
            <button type="button" onClick={onClose}>
              Close
            </button>
          </div>
        </header>
        {children}
      </div>
    </dialog>
  );
}
