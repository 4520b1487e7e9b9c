-- The peers' tables: what our own schema has of people, organizations, DSOs, doctors and activities.
create extension if not exists pg_stat_statements;
drop schema if exists app cascade;
create schema app;
set search_path = app;

create table organizations (
  id uuid primary key,
  name text not null,
  plan text not null check (plan in ('free','team','enterprise')),
  created_at timestamptz not null
);
create table users (
  id uuid primary key,
  email text not null unique,
  name text not null
);
create table organization_members (
  organization_id uuid not null references organizations(id),
  user_id uuid not null references users(id),
  role text not null check (role in ('owner','admin','member')),
  primary key (organization_id, user_id)
);
create index on organization_members (user_id, organization_id);
create table dsos (
  id uuid primary key,
  organization_id uuid not null references organizations(id),
  name text not null,
  unique (organization_id, name)
);
create table dso_grants (
  organization_id uuid not null references organizations(id),
  dso_id uuid not null references dsos(id),
  user_id uuid not null references users(id),
  role text not null check (role in ('admin','manager','viewer')),
  primary key (organization_id, user_id, dso_id)
);
create index on dso_grants (dso_id);
create table doctors (
  id uuid primary key,
  organization_id uuid not null references organizations(id),
  dso_id uuid not null references dsos(id),
  name text not null,
  email text not null,
  risk_level text not null check (risk_level in ('low','medium','high')),
  onboarding_period int not null check (onboarding_period between 1 and 12),
  progress int not null check (progress between 0 and 100)
);
create table activities (
  id uuid primary key,
  organization_id uuid not null references organizations(id),
  dso_id uuid not null references dsos(id),
  doctor_id uuid not null references doctors(id),
  user_id uuid not null references users(id),
  kind text not null check (kind in ('phone','email','text')),
  occurred_at timestamptz not null,
  note text not null
);
-- Here and in index.sql the organization leads every composite index that the questions use.
create index doctors_org_dso_name on doctors (organization_id, dso_id, name, id);
