using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Slipway.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class ProductionHistory : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "production_history",
                table: "projects",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "production_pin",
                table: "projects",
                type: "TEXT",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "production_history",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "production_pin",
                table: "projects");
        }
    }
}
