package carrier_test

import (
	"testing"

	"pult/domain/carrier"
)

func TestProduct_FaultIsTheFirstThatFits(t *testing.T) {
	k := carrier.Product{Faults: []carrier.Fault{{Code: "190", Field: "token"}, {Class: carrier.Unauthorised, Field: "rights"}}}
	for want, e := range map[string]*carrier.Error{
		"token": {Class: carrier.Unauthorised, Code: "190"}, "rights": {Class: carrier.Unauthorised, Code: "3"}, "": {Class: carrier.Permanent},
	} {
		if got, ok := k.FindFault(e); got.Field != want || ok != (want != "") {
			t.Errorf("%v: got %+v, %v, want %q", e, got, ok, want)
		}
	}
}

func TestProduct_FieldsByWhereTheyAreKept(t *testing.T) {
	p := carrier.Product{Fields: []carrier.Field{
		{Name: "page_id", Into: "account"},
		{Name: "token", Into: "secret:token"},
	}}
	for into, want := range map[string]string{"account": "page_id", "secret:token": "token", "number": "", "token": ""} {
		if got := p.FieldInto(into); got != want {
			t.Errorf("%s: got %q, want %q", into, got, want)
		}
	}
}

func TestProduct_OwnIsWhatIsPastedIntoAPage(t *testing.T) {
	if (carrier.Product{}).IsOwn() || !(carrier.Product{Snippet: "<script>"}).IsOwn() {
		t.Error("only a product with a snippet is the desk's own")
	}
}
