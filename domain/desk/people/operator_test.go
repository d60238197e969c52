package people_test

import (
	"testing"

	"pult/domain"
	"pult/domain/desk/people"
	"pult/internal/desktest"
)

func TestOperators_LastAdministratorStays(t *testing.T) {
	d := desktest.New(t)
	form := people.OperatorForm{Name: "Eva", Email: d.Eva.Email, Role: domain.RoleAdministrator, Active: false}
	if err := d.People.UpdateOperator(t.Context(), d.Eva, d.Eva.ID, form); domain.KindOf(err) != domain.Conflict {
		t.Errorf("got %v, want conflict", err)
	}
	if err := d.People.UpdateOperator(t.Context(), d.Jana, d.Petr.ID, form); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("got %v, want forbidden", err)
	}
}
