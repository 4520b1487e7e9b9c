// The entry. The tokens in the address are taken first, before any other code of the page runs or anything is asked.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { pageOf } from './invitation';
import { takeFromAddress } from './session';
import './style.css';
import { App } from './App';

const { token, invitation } = takeFromAddress();

// Links of older mails lead here, and invitations are answered where people sign in.
const isElsewhere = invitation !== null;
if (isElsewhere) location.replace(pageOf(invitation, token));

const root = document.getElementById('root');
if (root && !isElsewhere) {
  createRoot(root).render(
    <StrictMode>
      <App token={token} />
    </StrictMode>,
  );
}
