import { addressesOf, type Address } from "../../src/driver/address.js";
import type { ConnectRequest } from "../../src/driver/driver.js";
import { DatabaseURL } from "../../src/url/index.js";

/** What a driver is asked with for a URL of which nothing else is said: a plain connection to its first host. */
export function requestFor(given: string | DatabaseURL, more: Partial<ConnectRequest> = {}): ConnectRequest {
  const url = new DatabaseURL(given);
  return {
    url,
    address: addressesOf(url)[0] as Address,
    password: url.password,
    tls: { mode: "disable", material: {} },
    applicationName: null,
    startup: {},
    ...more,
  };
}
