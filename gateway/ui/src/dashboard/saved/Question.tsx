// A question before something is gone for good.
import { useEffect, useId, useRef } from 'react';

interface QuestionProps {
  title: string;
  words: string;
  yes: string;
  no: string;
  isBusy: boolean;
  onYes(): void;
  onNo(): void;
}

export function Question({ title, words, yes, no, isBusy, onYes, onNo }: QuestionProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const question = dialog.current;
    question?.showModal();
    return () => question?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="question card"
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-words`}
      onCancel={(event) => {
        event.preventDefault();
        onNo();
      }}
    >
      <h2 id={`${id}-title`}>{title}</h2>
      <p id={`${id}-words`}>{words}</p>
      <div className="tools">
        {/* First, so that the keyboard begins with what does no harm. */}
        <button type="button" onClick={onNo}>
          {no}
        </button>
        <button type="button" className="danger" disabled={isBusy} onClick={onYes}>
          {yes}
        </button>
      </div>
    </dialog>
  );
}
