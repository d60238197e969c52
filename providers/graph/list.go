package graph

import (
	"context"
	"iter"
	"maps"
	"net/url"
)

// maxPages bounds every list: an answer that points at itself must not hold a worker for ever.
const maxPages = 200

// List reads a list item by item, asking for further pages while the caller goes on. The address of the next page is
// never followed: only its presence counts. An error, always a *carrier.Error, ends the list.
func List[T any](ctx context.Context, a *API, query url.Values, path ...string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		next := url.Values{}
		maps.Copy(next, query)
		for range maxPages {
			var page struct {
				Data   []T `json:"data"`
				Paging struct {
					Next    text `json:"next"`
					Cursors struct {
						After text `json:"after"`
					} `json:"cursors"`
				} `json:"paging"`
			}
			if err := a.Get(ctx, next, &page, path...); err != nil {
				yield(*new(T), err)
				return
			}
			for _, item := range page.Data {
				if !yield(item, nil) {
					return
				}
			}
			if page.Paging.Next == "" || page.Paging.Cursors.After == "" {
				return
			}
			next.Set("after", string(page.Paging.Cursors.After))
		}
	}
}
