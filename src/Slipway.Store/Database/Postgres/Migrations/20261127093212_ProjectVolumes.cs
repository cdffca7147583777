using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Slipway.Store.Database.Postgres.Migrations
{
    /// <inheritdoc />
    internal sealed partial class ProjectVolumes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "data_heir",
                table: "projects",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<string>(
                name: "volumes",
                table: "projects",
                type: "text",
                nullable: true,
                collation: "C");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "data_heir",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "volumes",
                table: "projects");
        }
    }
}
