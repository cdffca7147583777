using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Slipway.Store.Database.Postgres.Migrations
{
    /// <inheritdoc />
    internal sealed partial class ProjectWays : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "ways",
                table: "projects",
                type: "text",
                nullable: true,
                collation: "C");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ways",
                table: "projects");
        }
    }
}
