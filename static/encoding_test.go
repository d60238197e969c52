package static_test

import (
	"testing"

	"pult/static"
)

func TestAcceptsEncoding(t *testing.T) {
	tests := []struct {
		header, coding string
		want           bool
	}{
		{"", "gzip", false},
		{"", "identity", true},
		{"gzip", "gzip", true},
		{"gzip, deflate, br, zstd", "br", true},
		{"GZIP", "gzip", true},
		{"gzip", "GZIP", true},
		{" gzip ; Q=1 ", "gzip", true},
		{"x-gzip", "gzip", false},
		{"brotli", "br", false},
		{"br;q=1.0, gzip;q=0.8", "br", true},
		{"br;q=1.0, gzip;q=0.8", "gzip", true},
		{"br;q=1.0, gzip;q=0.8", "zstd", false},
		{"gzip;q=0", "gzip", false},
		{"gzip;q=0.00", "gzip", false},
		{"gzip; q=0.000", "gzip", false},
		{"gzip ;q= 0.0 ", "gzip", false},
		{"gzip;q=0.001", "gzip", true},
		{"gzip;level=9;q=0", "gzip", false},
		{"gzip;level=9", "gzip", true},
		{"gzip;q=nonsense", "gzip", false},
		{"gzip;q=", "gzip", false},
		{"gzip;q", "gzip", false},
		{"gzip;q=-1", "gzip", false},
		{"gzip;q=NaN", "gzip", false},
		{"gzip;q=Inf", "gzip", false},
		{"*", "gzip", true},
		{"*;q=0.5", "br", true},
		{"*;q=0", "gzip", false},
		{"*;q=0", "identity", false},
		{"*;q=0, gzip", "gzip", true},
		{"gzip;q=0, *", "gzip", false},
		{"gzip;q=0, *", "br", true},
		{"identity", "gzip", false},
		{"identity;q=0", "identity", false},
		{"identity;q=0, *", "gzip", true},
		{",, ;q=1, gzip", "gzip", true},
	}
	for _, test := range tests {
		if got := static.AcceptsEncoding(test.header, test.coding); got != test.want {
			t.Errorf("Accept-Encoding %q allows %s: got %v, want %v", test.header, test.coding, got, test.want)
		}
	}
}
