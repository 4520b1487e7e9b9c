// A question before something is gone for good.
import { useId } from 'react';
import { useModal } from './modal';

interface QuestionProps {
  title: string;
  words: string;
  yes: string;
  no: string;
  isBusy: boolean;
  onYes(): void;
  onNo(): void;
  /** An answer by which nothing is lost. */
  better?: { label: string; onChoose(): void };
}

export function Question({ title, words, yes, no, isBusy, onYes, onNo, better }: QuestionProps) {
  const dialog = useModal();
  const id = useId();
  return (
    <dialog
      ref={dialog}
      className="question card"
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-words`}
      onCancel={(event) => {
        event.preventDefault();
        // A dialog below this one is not meant.
        event.stopPropagation();
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
        {better && (
          <button type="button" className="primary" disabled={isBusy} onClick={better.onChoose}>
            {better.label}
          </button>
        )}
      </div>
    </dialog>
  );
}
