// A button that opens a small panel below it. Escape and a click elsewhere close it; the keyboard goes back to the button.
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';

export function Popover({ name, label, children }: { name: string; label: string; children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!isOpen) return;
    const elsewhere = (event: Event) => {
      if (!whole.current?.contains(event.target as Node)) setOpen(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    addEventListener('pointerdown', elsewhere);
    addEventListener('focusin', elsewhere);
    addEventListener('keydown', escape);
    return () => {
      removeEventListener('pointerdown', elsewhere);
      removeEventListener('focusin', elsewhere);
      removeEventListener('keydown', escape);
    };
  }, [isOpen]);

  return (
    <div className="popover" ref={whole}>
      <button ref={button} type="button" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
        <span className="unseen">{name}: </span>
        <span className="label">{label}</span>
        <span aria-hidden="true">▾</span>
      </button>
      {isOpen && (
        <div id={id} className="panel">
          {children}
        </div>
      )}
    </div>
  );
}
