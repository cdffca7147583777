using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Slipway.Store.Database.Postgres.Migrations
{
    /// <inheritdoc />
    internal sealed partial class ProjectProtection : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "protection",
                table: "projects",
                type: "bytea",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "protection",
                table: "projects");
        }
    }
}
