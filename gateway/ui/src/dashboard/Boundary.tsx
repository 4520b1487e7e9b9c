// In place of a page that broke. The usual reason is a newer gateway: the rest of this page is no file of it any more.
import { Component, type ReactNode } from 'react';

export class Boundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <main>
        <section className="message" role="alert">
          <h2>This page has to be loaded again</h2>
          <p>The gateway may have been renewed while it was open.</p>
          <button type="button" onClick={() => location.reload()}>
            Load it again
          </button>
        </section>
      </main>
    );
  }
}
