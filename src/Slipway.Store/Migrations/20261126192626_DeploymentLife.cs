using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Slipway.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class DeploymentLife : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "closed_branches",
                table: "projects",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "retention",
                table: "projects",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ended",
                table: "deployments",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "last_used_at",
                table: "deployments",
                type: "INTEGER",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "closed_branches",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "retention",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "ended",
                table: "deployments");

            migrationBuilder.DropColumn(
                name: "last_used_at",
                table: "deployments");
        }
    }
}
