// The entry. What the address hands over (a token, an invitation, a provider's answer) is taken first, before anything is asked or drawn.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { takeFromAddress, takeLeaving } from '../session';
import './style/base.css';
import './style/controls.css';
import './style/figures.css';
import './style/doctors.css';
import './style/plots.css';
import './style/editing.css';
import './style/saved.css';
import './style/print.css';
import { App } from './App';
import { Boundary } from './Boundary';
import { fetchConfig } from './config';
import { signOut } from './leaving';
import { arrive } from './signIn';
import { applyTheme } from './theme';

async function start(root: HTMLElement): Promise<void> {
  const handed = takeFromAddress();
  applyTheme();
  const config = await fetchConfig();
  const leaving = takeLeaving();
  if (leaving !== null) return signOut(config.signIn, leaving);
  const { notice, invited } = await arrive(config.signIn);
  createRoot(root).render(
    <StrictMode>
      <Boundary>
        <App config={config} handed={handed} invited={invited} notice={notice} />
      </Boundary>
    </StrictMode>,
  );
}

const root = document.getElementById('root');
if (root) void start(root);
