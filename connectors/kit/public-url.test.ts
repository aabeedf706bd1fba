import { expect, it } from "vitest";
import { isPublicUrl } from "./public-url.ts";

it.each([
  "https://evidence.example.com/a/1.png?sig=x",
  "https://my-bucket.s3.cn-north-1.amazonaws.com.cn/1.png",
  "https://8.8.8.8/1.png",
  "https://[2600:9000::1]/1.png",
])("reads %s", (address) => {
  expect(isPublicUrl(address)).toBe(true);
});

it.each([
  ["plain HTTP", "http://evidence.example.com/1.png"],
  ["a file", "file:///proc/self/environ"],
  ["data", "data:image/png;base64,AAAA"],
  ["another port", "https://evidence.example.com:8443/1.png"],
  ["a login", "https://user:pass@evidence.example.com/1.png"],
  ["this machine", "https://127.0.0.1/1.png"],
  ["this machine in octal", "https://0177.0.0.1/1.png"],
  ["this machine as one number", "https://2130706433/1.png"],
  ["this machine in few parts", "https://127.1/1.png"],
  ["this machine by name", "https://localhost/1.png"],
  ["this machine by name, with its dot", "https://localhost./1.png"],
  ["the metadata of an instance", "https://169.254.169.254/latest/meta-data/"],
  ["the metadata of a task", "https://169.254.170.2/v2/credentials"],
  ["the metadata of an instance in IPv6", "https://[fd00:ec2::254]/latest/"],
  ["a private network", "https://10.0.0.8/1.png"],
  ["another private network", "https://172.31.255.254/1.png"],
  ["a third private network", "https://192.168.1.1/1.png"],
  ["a carrier's network", "https://100.64.0.1/1.png"],
  ["IPv6 loopback", "https://[::1]/1.png"],
  ["loopback mapped into IPv6", "https://[::ffff:127.0.0.1]/1.png"],
  ["loopback through 6to4", "https://[2002:7f00:1::]/1.png"],
  ["link-local IPv6", "https://[fe80::1]/1.png"],
  ["a name without a dot", "https://vault/1.png"],
  ["a name of the network's own", "https://secrets.us-east-1.compute.internal/1.png"],
  ["no address", "evidence/1.png"],
])("does not read %s", (_, address) => {
  expect(isPublicUrl(address)).toBe(false);
});
