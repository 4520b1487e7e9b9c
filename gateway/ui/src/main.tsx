// The entry. The tokens in the address are taken first, before any other code of the page runs or anything is asked.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { takeFromAddress } from './session';
import './style.css';
import { App } from './App';

const { token, invitation } = takeFromAddress();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App token={token} invitation={invitation} />
    </StrictMode>,
  );
}
