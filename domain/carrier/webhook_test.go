package carrier_test

import (
	"maps"
	"net/http"
	"testing"

	"pult/domain/carrier"
)

func TestWebhook_KeepsTheHeadersOfEveryProduct(t *testing.T) {
	w := carrier.Webhook{Header: http.Header{}}
	w.Header.Set("x-signed-by-one", "1")
	w.Header.Set("X-Signed-By-Two", "2")
	w.Header.Set("Cookie", "none of our business")
	products := []carrier.Product{
		{Driver: "one", Headers: []string{"X-Signed-By-One", "X-Absent"}},
		{Driver: "two", Headers: []string{"X-Signed-By-Two"}},
		{Driver: "without a webhook"},
	}
	want := map[string]string{"X-Signed-By-One": "1", "X-Signed-By-Two": "2"}
	if got := w.KeptHeaders(products); !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := w.KeptHeaders(nil); got == nil || len(got) != 0 {
		t.Errorf("without products: got %q, want an empty map that can be written to", got)
	}
}
