CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);

BEGIN TRANSACTION;
CREATE TABLE "api_tokens" (
    "hash" TEXT NOT NULL CONSTRAINT "pk_api_tokens" PRIMARY KEY,
    "team_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "last_used_at" INTEGER NULL,
    "expires_at" INTEGER NULL
);

CREATE TABLE "dead_letters" (
    "deployment_id" TEXT NOT NULL CONSTRAINT "pk_dead_letters" PRIMARY KEY,
    "team_id" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "at" INTEGER NOT NULL
);

CREATE TABLE "login_links" (
    "hash" TEXT NOT NULL CONSTRAINT "pk_login_links" PRIMARY KEY,
    "team_id" TEXT NOT NULL,
    "expires_at" INTEGER NOT NULL,
    "used_at" INTEGER NULL
);

CREATE TABLE "projects" (
    "id" TEXT NOT NULL CONSTRAINT "pk_projects" PRIMARY KEY,
    "team_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "production_branch" TEXT NULL,
    "production" TEXT NULL,
    "cache_key" BLOB NOT NULL,
    "webhook_secret" BLOB NULL,
    "root_directory" TEXT NULL,
    "created_at" INTEGER NOT NULL
);

CREATE TABLE "queue_jobs" (
    "sequence" INTEGER NOT NULL CONSTRAINT "pk_queue_jobs" PRIMARY KEY AUTOINCREMENT,
    "deployment_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "visible_at" INTEGER NOT NULL,
    "token" TEXT NULL,
    "worker" TEXT NULL
);

CREATE TABLE "sessions" (
    "hash" TEXT NOT NULL CONSTRAINT "pk_sessions" PRIMARY KEY,
    "team_id" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "expires_at" INTEGER NOT NULL
);

CREATE TABLE "deployments" (
    "id" TEXT NOT NULL CONSTRAINT "pk_deployments" PRIMARY KEY,
    "team_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "project_name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "is_production" INTEGER NOT NULL,
    "root_directory" TEXT NULL,
    "trigger" TEXT NOT NULL,
    "retry_of" TEXT NULL,
    "environment" BLOB NULL,
    "created_at" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "revision" TEXT NULL,
    "plan" TEXT NULL,
    "failure" TEXT NULL,
    "timings" TEXT NOT NULL,
    "started_at" INTEGER NULL,
    "shipped_at" INTEGER NULL,
    "finished_at" INTEGER NULL,
    CONSTRAINT "fk_deployments_project_id" FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE CASCADE
);

CREATE TABLE "environment_variables" (
    "project_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "target" INTEGER NOT NULL,
    "team_id" TEXT NOT NULL,
    "phase" INTEGER NOT NULL,
    "is_secret" INTEGER NOT NULL,
    "value" BLOB NOT NULL,
    CONSTRAINT "pk_environment_variables" PRIMARY KEY ("project_id", "name", "target"),
    CONSTRAINT "fk_environment_variables_project_id" FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE CASCADE
);

CREATE TABLE "webhook_deliveries" (
    "provider" TEXT NOT NULL,
    "delivery_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    CONSTRAINT "pk_webhook_deliveries" PRIMARY KEY ("provider", "delivery_id"),
    CONSTRAINT "fk_webhook_deliveries_project_id" FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE CASCADE
);

CREATE TABLE "build_log_chunks" (
    "deployment_id" TEXT NOT NULL,
    "last_sequence" INTEGER NOT NULL,
    "team_id" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "batch" INTEGER NOT NULL,
    "line_count" INTEGER NOT NULL,
    "payload" BLOB NOT NULL,
    CONSTRAINT "pk_build_log_chunks" PRIMARY KEY ("deployment_id", "last_sequence"),
    CONSTRAINT "fk_build_log_chunks_deployment_id" FOREIGN KEY ("deployment_id") REFERENCES "deployments" ("id") ON DELETE CASCADE
);

CREATE TABLE "build_logs" (
    "deployment_id" TEXT NOT NULL CONSTRAINT "pk_build_logs" PRIMARY KEY,
    "team_id" TEXT NOT NULL,
    "last_sequence" INTEGER NOT NULL,
    "completed_at" INTEGER NULL,
    CONSTRAINT "fk_build_logs_deployment_id" FOREIGN KEY ("deployment_id") REFERENCES "deployments" ("id") ON DELETE CASCADE
);

CREATE TABLE "deployment_events" (
    "deployment_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "team_id" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "event" TEXT NOT NULL,
    "state_after" TEXT NOT NULL,
    CONSTRAINT "pk_deployment_events" PRIMARY KEY ("deployment_id", "sequence"),
    CONSTRAINT "fk_deployment_events_deployment_id" FOREIGN KEY ("deployment_id") REFERENCES "deployments" ("id") ON DELETE CASCADE
);

CREATE UNIQUE INDEX "ix_build_log_chunks_deployment_id_attempt_batch" ON "build_log_chunks" ("deployment_id", "attempt", "batch");

CREATE INDEX "ix_dead_letters_at" ON "dead_letters" ("at");

CREATE UNIQUE INDEX "ix_deployments_hash" ON "deployments" ("hash");

CREATE INDEX "ix_deployments_project_id_created_at" ON "deployments" ("project_id", "created_at");

CREATE INDEX "ix_deployments_state_created_at" ON "deployments" ("state", "created_at");

CREATE INDEX "ix_deployments_team_id_created_at" ON "deployments" ("team_id", "created_at");

CREATE INDEX "ix_login_links_expires_at" ON "login_links" ("expires_at");

CREATE UNIQUE INDEX "ix_projects_name" ON "projects" ("name");

CREATE INDEX "ix_projects_team_id" ON "projects" ("team_id");

CREATE UNIQUE INDEX "ix_queue_jobs_deployment_id" ON "queue_jobs" ("deployment_id");

CREATE UNIQUE INDEX "ix_queue_jobs_token" ON "queue_jobs" ("token");

CREATE INDEX "ix_queue_jobs_visible_at_sequence" ON "queue_jobs" ("visible_at", "sequence");

CREATE INDEX "ix_sessions_expires_at" ON "sessions" ("expires_at");

CREATE INDEX "ix_webhook_deliveries_at" ON "webhook_deliveries" ("at");

CREATE INDEX "ix_webhook_deliveries_project_id" ON "webhook_deliveries" ("project_id");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261125164509_Initial', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
ALTER TABLE "build_log_chunks" ADD "has_changes" INTEGER NOT NULL DEFAULT 0;

CREATE INDEX "ix_build_log_chunks_deployment_id_has_changes" ON "build_log_chunks" ("deployment_id", "has_changes");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261125194100_LogSteps', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
ALTER TABLE "projects" ADD "production_history" TEXT NULL;

ALTER TABLE "projects" ADD "production_pin" TEXT NULL;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261126023514_ProductionHistory', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
ALTER TABLE "projects" ADD "sleep" TEXT NULL;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261126120812_ProjectSleep', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
ALTER TABLE "dead_letters" ADD "sequence" INTEGER NOT NULL DEFAULT 0;

CREATE UNIQUE INDEX "ix_dead_letters_deployment_id" ON "dead_letters" ("deployment_id");

CREATE TABLE "ef_temp_dead_letters" (
    "sequence" INTEGER NOT NULL CONSTRAINT "pk_dead_letters" PRIMARY KEY AUTOINCREMENT,
    "at" INTEGER NOT NULL,
    "attempts" INTEGER NOT NULL,
    "deployment_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "team_id" TEXT NOT NULL
);

INSERT INTO "ef_temp_dead_letters" ("at", "attempts", "deployment_id", "reason", "team_id")
SELECT "at", "attempts", "deployment_id", "reason", "team_id"
FROM "dead_letters";

COMMIT;

PRAGMA foreign_keys = 0;

BEGIN TRANSACTION;
DROP TABLE "dead_letters";

ALTER TABLE "ef_temp_dead_letters" RENAME TO "dead_letters";

COMMIT;

PRAGMA foreign_keys = 1;

BEGIN TRANSACTION;
CREATE INDEX "ix_dead_letters_at" ON "dead_letters" ("at");

CREATE UNIQUE INDEX "ix_dead_letters_deployment_id" ON "dead_letters" ("deployment_id");

COMMIT;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261126150803_DeadLetterSequence', '10.0.15');

BEGIN TRANSACTION;
CREATE TABLE "domains" (
    "host" TEXT NOT NULL CONSTRAINT "pk_domains" PRIMARY KEY,
    "project_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "redirect_to" TEXT NULL,
    "created_at" INTEGER NOT NULL,
    CONSTRAINT "fk_domains_project_id" FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE CASCADE
);

CREATE INDEX "ix_domains_project_id" ON "domains" ("project_id");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261126190455_Domains', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
ALTER TABLE "projects" ADD "closed_branches" TEXT NULL;

ALTER TABLE "projects" ADD "retention" TEXT NULL;

ALTER TABLE "deployments" ADD "ended" TEXT NULL;

ALTER TABLE "deployments" ADD "last_used_at" INTEGER NULL;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261126192626_DeploymentLife', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
ALTER TABLE "projects" ADD "health" TEXT NULL;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261126194014_ProjectHealth', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
ALTER TABLE "projects" ADD "protection" BLOB NULL;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261127034531_ProjectProtection', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
ALTER TABLE "projects" ADD "data_heir" TEXT NULL;

ALTER TABLE "projects" ADD "volumes" TEXT NULL;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261127093204_ProjectVolumes', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
ALTER TABLE "projects" ADD "ways" TEXT NULL;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261127101733_ProjectWays', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
CREATE TABLE "audit_entries" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_audit_entries" PRIMARY KEY,
    "team_id" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "project" TEXT NULL,
    "detail" TEXT NOT NULL
);

CREATE INDEX "ix_audit_entries_team_id_id" ON "audit_entries" ("team_id", "id");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261127130601_AuditTrail', '10.0.15');

COMMIT;
