// A field of a form with its name, and beside it what the gateway has against what is in it.
import { useId, type ReactNode } from 'react';

interface FieldProps {
  label: string;
  hint?: string;
  wrong?: string | undefined;
  children(attributes: { id: string; 'aria-invalid'?: true; 'aria-describedby'?: string }): ReactNode;
}

export function Field({ label, hint, wrong, children }: FieldProps) {
  const id = useId();
  const about = `${id}-about`;
  const isDescribed = wrong !== undefined || hint !== undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, ...(wrong === undefined ? {} : { 'aria-invalid': true }), ...(isDescribed ? { 'aria-describedby': about } : {}) })}
      {isDescribed && (
        <p id={about} className={wrong === undefined ? 'hint' : 'wrong'} {...(wrong === undefined ? {} : { role: 'alert' })}>
          {wrong ?? hint}
        </p>
      )}
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  hint?: string;
  wrong?: string | undefined;
  value: NoInfer<Value>;
  options: readonly (readonly [value: Value, name: string])[];
  onChoose(value: Value): void;
}

export function Choice<Value extends string>({ value, options, onChoose, ...field }: ChoiceProps<Value>) {
  return (
    <Field {...field}>
      {(attributes) => (
        <select {...attributes} value={value} onChange={(event) => onChoose(event.target.value as Value)}>
          {options.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface TextProps {
  label: string;
  hint?: string;
  wrong?: string | undefined;
  value: string;
  /** What is usual, where nothing is written. */
  usual?: string;
  onWrite(value: string): void;
}

export function Text({ value, usual, onWrite, ...field }: TextProps) {
  return (
    <Field {...field}>
      {(attributes) => <input {...attributes} type="text" value={value} placeholder={usual} onChange={(event) => onWrite(event.target.value)} />}
    </Field>
  );
}
