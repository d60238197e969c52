// Package wire is what drivers speak HTTP and read JSON with. It knows no vendor and is no driver.
//
//	exchange.go  one request and its answer: time limits, redirects, secrets kept out of what is logged
//	trace.go     whether a request may have reached the vendor
//	http.go      a request that got no answer, and how long an answer asks to wait
//	meaning.go   what a code of a vendor's means for the next step
//	json.go      JSON that is not as promised: a field of a wrong shape must not cost the rest of a message
//	guard.go     keeps connections to typed addresses out of the network behind the desk
package wire
