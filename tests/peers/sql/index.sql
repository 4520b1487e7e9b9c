-- After the rows are in.
set search_path = app;
create index activities_org_doctor_at on activities (organization_id, doctor_id, occurred_at desc, id);
create index activities_org_dso_at on activities (organization_id, dso_id, occurred_at);
-- Foreign keys are indexed too, as ORMs and PostGraphile expect.
create index doctors_dso on doctors (dso_id, name);
create index activities_doctor on activities (doctor_id, occurred_at desc, id);
