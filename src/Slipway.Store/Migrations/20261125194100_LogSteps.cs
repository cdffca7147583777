using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Slipway.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class LogSteps : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "has_changes",
                table: "build_log_chunks",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateIndex(
                name: "ix_build_log_chunks_deployment_id_has_changes",
                table: "build_log_chunks",
                columns: new[] { "deployment_id", "has_changes" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_build_log_chunks_deployment_id_has_changes",
                table: "build_log_chunks");

            migrationBuilder.DropColumn(
                name: "has_changes",
                table: "build_log_chunks");
        }
    }
}
