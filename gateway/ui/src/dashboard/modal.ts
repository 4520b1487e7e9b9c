// A dialog over the page. The keyboard goes into it, and back to where it was.
import { useLayoutEffect, useRef, type RefObject } from 'react';

/** The dialog to open, for as long as it is on the page. */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  // Closed while it is still in the document: one that has been taken out gives the keyboard back to nothing. Only the clean-up of a layout
  // effect comes before that.
  useLayoutEffect(() => {
    const modal = dialog.current;
    modal?.showModal();
    return () => modal?.close();
  }, []);
  return dialog;
}
