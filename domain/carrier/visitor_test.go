package carrier_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

// Deliveries of visitors lie in the journal as JSON, so those of an older version must be read by every newer one.
func TestVisitorMessage_StoredForm(t *testing.T) {
	m := carrier.VisitorMessage{
		Visitor: domain.ID{1}, ID: "message-1", Name: "Žofie", Email: "zofie@example.org", Vouched: true,
		Language: domain.Czech,
		Page:     "https://shop.example/kola", Title: "Kola", Text: "Dobrý den", Greeting: "Ahoj",
		FollowUp: "Hned", After: domain.ID{2},
		Files: []carrier.VisitorFile{{ID: domain.ID{3}, Name: "kolo.png", MIME: "image/png", Size: 7}},
	}
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"visitor":"` + m.Visitor.String() + `","id":"message-1","name":"Žofie","email":"zofie@example.org","vouched":true,` +
		`"language":"` + string(domain.Czech) + `","page":"https://shop.example/kola","title":"Kola","text":"Dobrý den",` +
		`"files":[{"id":"` + m.Files[0].ID.String() + `","name":"kolo.png","mime":"image/png","size":7}],` +
		`"greeting":"Ahoj","follow_up":"Hned","after":"` + m.After.String() + `"}`
	if string(raw) != want {
		t.Errorf("got\n%s, want\n%s", raw, want)
	}
	var read carrier.VisitorMessage
	if err := json.Unmarshal(raw, &read); err != nil || !reflect.DeepEqual(read, m) {
		t.Errorf("read again: got %+v, %v", read, err)
	}
}

func TestVisitorMessage_StoredForm_OnlyWhatWasSaid(t *testing.T) {
	raw, err := json.Marshal(carrier.VisitorMessage{Visitor: domain.ID{1}, ID: "message-1", Text: "Hello"})
	want := `{"visitor":"` + (domain.ID{1}).String() + `","id":"message-1","name":"","text":"Hello"}`
	if err != nil || string(raw) != want {
		t.Errorf("got %s, %v, want %s", raw, err, want)
	}
}
