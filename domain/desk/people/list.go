package people

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/search"
)

// Query says which operators to list.
type Query struct {
	Text   string // words of the name or the address, folded; "" = all
	Active bool   // only those who can sign in
	After  string // cursor, as Page.Next; "" = from the start
	Limit  int    // 0 = PageSize
}

// Page is a page of the operators, by name.
type Page struct {
	Operators []domain.Operator
	Next      string // cursor of the next page; "" = these were the last
	Count     int    // how many fit, on all pages
}

// PageSize is how many operators a page has.
const PageSize = 50

// ListOperators lists operators by name, a page at a time. A cursor is the place of an operator, so that one who is
// renamed or comes meanwhile moves nobody else. Invalid for a wrong cursor.
func (s *Service) ListOperators(ctx context.Context, who *domain.Operator, q Query) (Page, error) {
	all, err := s.Operators(ctx, who)
	if err != nil {
		return Page{}, err
	}
	after, err := parsePlace(q.After)
	if err != nil {
		return Page{}, err
	}
	if q.Limit <= 0 {
		q.Limit = PageSize
	}
	words := strings.Fields(search.Fold(q.Text))
	var out Page
	var list []placed
	for _, o := range all {
		if q.Active && !o.Active || !hasWords(search.Fold(o.Name+" "+o.Email), words) {
			continue
		}
		out.Count++
		if at := (placed{search.Fold(o.Name), o}); q.After == "" || at.compare(after) > 0 {
			list = append(list, at)
		}
	}
	slices.SortFunc(list, placed.compare)
	for i, at := range list {
		if i == q.Limit {
			out.Next = list[i-1].place()
			break
		}
		out.Operators = append(out.Operators, at.operator)
	}
	return out, nil
}

func hasWords(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// placed is an operator at their place in the list.
type placed struct {
	name     string // folded
	operator domain.Operator
}

func (p placed) compare(other placed) int {
	return cmp.Or(cmp.Compare(p.name, other.name), bytes.Compare(p.operator.ID[:], other.operator.ID[:]))
}

func (p placed) place() string { return p.operator.ID.String() + p.name }

func parsePlace(cursor string) (placed, error) {
	if cursor == "" {
		return placed{}, nil
	}
	wrong := domain.Refuse(domain.Invalid, "error.cursor")
	if len(cursor) < 26 || len(cursor) > 1000 {
		return placed{}, wrong
	}
	id, err := domain.ParseID(cursor[:26])
	if err != nil {
		return placed{}, wrong.Because(err)
	}
	return placed{cursor[26:], domain.Operator{ID: id}}, nil
}
