// Package arch holds the tests of the house itself.
package arch
