using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Slipway.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class DeadLetterSequence : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_dead_letters",
                table: "dead_letters");

            migrationBuilder.AddColumn<long>(
                name: "sequence",
                table: "dead_letters",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L)
                .Annotation("Sqlite:Autoincrement", true);

            migrationBuilder.AddPrimaryKey(
                name: "pk_dead_letters",
                table: "dead_letters",
                column: "sequence");

            migrationBuilder.CreateIndex(
                name: "ix_dead_letters_deployment_id",
                table: "dead_letters",
                column: "deployment_id",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_dead_letters",
                table: "dead_letters");

            migrationBuilder.DropIndex(
                name: "ix_dead_letters_deployment_id",
                table: "dead_letters");

            migrationBuilder.DropColumn(
                name: "sequence",
                table: "dead_letters");

            migrationBuilder.AddPrimaryKey(
                name: "pk_dead_letters",
                table: "dead_letters",
                column: "deployment_id");
        }
    }
}
