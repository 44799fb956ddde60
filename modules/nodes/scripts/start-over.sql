-- Empties the database of what GitLab's schema brings: tables, views, sequences, functions and types, and the schemas of
-- its partitions. The schema `public` stays, as it may belong to the service's own administrator; so do extensions.
SELECT format('DROP SCHEMA %I CASCADE', nspname)
FROM pg_namespace
WHERE nspname LIKE 'gitlab\_partitions\_%'
\gexec

SELECT format(
  'DROP %s IF EXISTS %I.%I CASCADE',
  CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
  'public',
  relname
)
FROM pg_class
WHERE relnamespace = 'public'::regnamespace
  AND relkind IN ('r', 'p', 'v', 'm', 'S')
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
\gexec

SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure)
FROM pg_proc
WHERE pronamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
\gexec

SELECT format('DROP TYPE IF EXISTS public.%I CASCADE', typname)
FROM pg_type
WHERE typnamespace = 'public'::regnamespace
  AND typtype IN ('e', 'd')
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_type.oid AND deptype = 'e')
\gexec
