package inbox_test

import (
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/store"
	"pult/internal/webtest"
)

// A desk may have hundreds of operators: no page of a conversation holds them all, and every one can be reached.
func TestAssign_ManyOperatorsAreChosenFromADialog(t *testing.T) {
	d := webtest.NewTalk(t)
	path := d.ChatPath(d.Channel)
	few := webtest.WantStatus(t, d.Get(d.Jana, path, false), 200)
	webtest.Contains(t, few, nil, []string{path + `/assign"hx-get`, "/suggest/operators"})
	const many = 300
	var last domain.ID
	for next := 0; next < many; next += 100 {
		err := d.Store.Update(t.Context(), func(tx *store.Tx) error {
			for i := next; i < next+100; i++ {
				o := domain.Operator{
					ID: tx.NewID(), Number: uint64(100 + i), Name: fmt.Sprintf("Kolega %03d", i), Role: domain.RoleOperator,
					Email: fmt.Sprintf("k%d@pult.example", i), Active: true,
				}
				if err := tx.PutOperator(&o); err != nil {
					return err
				}
				last = o.ID
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	page := webtest.WantStatus(t, d.Get(d.Jana, path, false), 200)
	if n := strings.Count(page, "Kolega"); n > 70 || len(page)-len(few) > 20<<10 {
		t.Errorf("the page names %d colleagues and grew by %d bytes", n, len(page)-len(few))
	}
	webtest.Contains(t, page, []string{`hx-get="` + path + `/assign"`, `hx-get="/suggest/operators"`}, nil)

	seen := map[string]bool{}
	body := webtest.WantStatus(t, d.Get(d.Jana, path+"/assign", true), 200)
	webtest.Contains(t, body, []string{`id="assign-dialog"`}, []string{"<!doctype"})
	for {
		for _, part := range strings.Split(body, `name="operator" value="`)[1:] {
			if id := part[:26]; seen[id] {
				t.Fatalf("%s is shown twice", id)
			} else {
				seen[id] = true
			}
		}
		_, rest, more := strings.Cut(body, `hx-get="`+path+`/assign?after=`)
		if !more {
			break
		}
		rest, _, _ = strings.Cut(rest, `"`)
		body = webtest.WantStatus(t, d.Get(d.Jana, path+"/assign?after="+html.UnescapeString(rest), true), 200)
		webtest.Contains(t, body, nil, []string{"<dialog", "<form"})
	}
	if len(seen) < many || !seen[last.String()] {
		t.Errorf("the dialog offers %d operators, want all of more than %d", len(seen), many)
	}
	found := webtest.WantStatus(t, d.Get(d.Jana, path+"/assign?list&q=kolega+299", true), 200)
	webtest.Contains(t, found, []string{"Kolega 299", `id="assign-list"`}, []string{"Kolega 298", "<dialog"})
	webtest.Contains(t, webtest.WantStatus(t, d.Get(d.Jana, path+"/assign", false), 200), []string{"<!doctype", "Kolega 000"}, nil)
	done := webtest.WantStatus(t, d.PostForm(d.Jana, path+"/assign", url.Values{"operator": {last.String()}}, true), 200)
	webtest.Contains(t, done, []string{"Kolega 299", `hx-target="#assign-dialog"`}, nil)
	// whoever is responsible is in the menu, wherever they stand among all
	webtest.Contains(t, webtest.WantStatus(t, d.Get(d.Jana, path, false), 200), []string{`value="` + last.String() + `" aria-checked="true"`}, nil)
	options := webtest.WantStatus(t, d.Get(d.Jana, "/suggest/operators?operator=kolega+1&assignee="+last.String(), true), 200)
	webtest.Contains(t, options, []string{"Kolega 100", `value="` + last.String() + `" selected`}, []string{"Kolega 200"})
	if n := strings.Count(options, "<option"); n > 53 {
		t.Errorf("got %d options, want at most a page of them", n)
	}
	webtest.WantStatus(t, d.Get(d.Jana, "/chats/"+d.With(d.Private, webtest.Novak).ID.String()+"/assign", true), 404)
}
